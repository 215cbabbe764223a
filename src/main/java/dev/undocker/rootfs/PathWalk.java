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
import java.util.Map;
import java.util.function.Function;

/// The way that the kernel takes to a path inside a root file system (path_resolution(7)): symbolic
/// links are followed, `..` at the root stays there. What is missing counts as an implied
/// directory, so that a way leads through what is still to be made.
///
/// @param met every name on the way in the order in which it was met, links included
/// @param end where it leads to, without links; null when there is no way: something that is no
///   directory stands in it, or its links loop
public record PathWalk(Map<RootfsPath, Inode> met, @Nullable RootfsPath end) {
    private static final int MOST_LINKS = 40;
    private static final byte[] PARENT = {'.', '.'};

    public PathWalk {
        met = Collections.unmodifiableMap(met);
    }

    /// @param names what stands at a path whose parents are no links, null for nothing
    public static PathWalk to(RootfsPath wanted, Function<RootfsPath, @Nullable Inode> names) {
        return to(wanted.toBytes(), names);
    }

    /// @param wanted may hold `..`, which leads back to where the name before it led from
    public static PathWalk to(byte[] wanted, Function<RootfsPath, @Nullable Inode> names) {
        Map<RootfsPath, Inode> met = new LinkedHashMap<>();
        Deque<byte[]> ahead = new ArrayDeque<>(components(wanted));
        RootfsPath at = RootfsPath.ROOT;
        int links = 0;
        while (!ahead.isEmpty()) {
            byte[] name = ahead.removeFirst();
            if (Arrays.equals(name, PARENT)) {
                RootfsPath parent = at.parent();
                at = parent == null ? at : parent;
                continue;
            }
            RootfsPath next = at.resolve(name);
            Inode found = names.apply(next);
            Inode inode = found == null ? new Inode.Directory(Metadata.IMPLIED_DIRECTORY) : found;
            met.put(next, inode);
            if (inode instanceof Inode.Symlink link) {
                if (++links > MOST_LINKS) {
                    return new PathWalk(met, null);
                }
                components(link.target()).reversed().forEach(ahead::addFirst);
                if (link.target().length > 0 && link.target()[0] == '/') {
                    at = RootfsPath.ROOT;
                }
            } else if (inode instanceof Inode.Directory || ahead.isEmpty()) {
                at = next;
            } else {
                return new PathWalk(met, null);
            }
        }
        return new PathWalk(met, at);
    }

    /// The end where it is a directory, or becomes one because it is missing; null otherwise.
    public @Nullable RootfsPath directory() {
        Inode last = end == null ? null : met.get(end);
        return last == null || last instanceof Inode.Directory ? end : null;
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
