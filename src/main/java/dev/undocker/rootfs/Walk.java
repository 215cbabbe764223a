package dev.undocker.rootfs;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/// The way to a directory as the kernel goes it for a process whose root this is: symbolic links
/// are followed inside the root (path_resolution(7)). Where there is nothing, a directory is taken
/// to be made.
///
/// @param end the directory's path without links
/// @param met what stands on the way, links too, and new directories where nothing does
public record Walk(RootfsPath end, SequencedMap<RootfsPath, Inode> met) {
    /// As many links as the kernel follows.
    private static final int MOST_LINKS = 40;

    public Walk {
        met = Collections.unmodifiableSequencedMap(met);
    }

    /// @param names what stands under a path itself, null when nothing does; asked only about names
    ///   in directories that were met before
    /// @return null when something else than a directory is in the way, or the links loop
    public static @Nullable Walk to(
            RootfsPath wanted, Function<RootfsPath, @Nullable Inode> names) {
        SequencedMap<RootfsPath, Inode> met = new LinkedHashMap<>();
        Deque<byte[]> ahead = new ArrayDeque<>(components(wanted.toBytes()));
        RootfsPath at = RootfsPath.ROOT;
        int links = 0;
        while (!ahead.isEmpty()) {
            byte[] name = ahead.removeFirst();
            if (Arrays.equals(name, new byte[] {'.', '.'})) {
                RootfsPath parent = at.parent();
                at = parent == null ? at : parent;
                continue;
            }
            RootfsPath next = at.resolve(name);
            Inode inode = names.apply(next);
            if (inode == null) {
                inode = new Inode.Directory(Metadata.IMPLIED_DIRECTORY);
            }
            met.put(next, inode);
            switch (inode) {
                case Inode.Directory directory -> at = next;
                case Inode.Symlink link -> {
                    if (++links > MOST_LINKS) {
                        return null;
                    }
                    components(link.target()).reversed().forEach(ahead::addFirst);
                    if (link.target().length > 0 && link.target()[0] == '/') {
                        at = RootfsPath.ROOT;
                    }
                }
                default -> {
                    return null;
                }
            }
        }
        return new Walk(at, met);
    }

    /// The names in a path, `..` included.
    private static List<byte[]> components(byte[] path) {
        String text = new String(path, StandardCharsets.ISO_8859_1);
        List<byte[]> names = new ArrayList<>();
        for (String name : text.split("/")) {
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return Collections.unmodifiableList(names);
    }
}
