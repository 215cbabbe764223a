package dev.undocker.output.process;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.output.Committed;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.ContainerPath;
import dev.undocker.runtime.launcher.Launcher;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a runtime needs in a root file system beside what the image has: directories to start in or
/// to mount on, and files of ours. Nothing of the image is replaced. Not thread-safe.
///
/// Paths are those of a process in the container: the image's symbolic links are followed inside
/// the root, and what they lead to is made too.
public final class RootfsAdditions {
    private static final int MOST_LINKS = 40;

    private final RootfsView rootfs;
    private final Warnings warnings;

    /// What has to be there when all is written, parents first; much of it is the image's.
    private final Map<RootfsPath, Inode> needed = new LinkedHashMap<>();

    /// @param warnings hears of what cannot be made
    public RootfsAdditions(RootfsView rootfs, Warnings warnings) {
        this.rootfs = rootfs;
        this.warnings = warnings;
    }

    /// A directory and those above it; new ones are 0755 0:0, as engines make them.
    ///
    /// @param what it is for, such as `working directory`
    public RootfsAdditions directory(String what, String path) {
        try {
            if (reach(RootfsPath.of(path)) == null) {
                warnings.warn(
                        "%s %s: not made: something else is in the way in the image"
                                .formatted(what, path));
            }
        } catch (UndockerException e) {
            warnings.warn("%s %s: not made: %s".formatted(what, path, e.sentence()));
        }
        return this;
    }

    /// The directories of an image's volumes.
    public RootfsAdditions volumes(List<String> volumes) {
        for (String volume : volumes) {
            directory("volume", ContainerPath.absolute("/", volume));
        }
        return this;
    }

    /// Where a volume of the image lies or will be made: the path of its directory without links;
    /// empty where there is no way.
    public static Optional<RootfsPath> place(RootfsView rootfs, String volume) {
        try {
            RootfsPath path = RootfsPath.of(ContainerPath.absolute("/", volume));
            return Optional.ofNullable(new RootfsAdditions(rootfs, _ -> {}).reach(path));
        } catch (UndockerException e) {
            return Optional.empty();
        }
    }

    /// The launcher's file.
    ///
    /// @throws IllegalArgumentException when its name is taken
    public RootfsAdditions launcher(Launcher launcher) {
        RootfsPath above = launcher.path().parent();
        RootfsPath directory = above == null ? null : reach(above);
        if (directory == null) {
            throw new IllegalArgumentException("launcher in no directory: " + launcher.path());
        }
        RootfsPath path = directory.resolve(launcher.path().name());
        if (needed.containsKey(path) || rootfs.contains(path)) {
            throw new IllegalArgumentException("name is taken: " + path);
        }
        Metadata metadata = new Metadata(Launcher.MODE, 0, 0, 0, 0, List.of());
        needed.put(
                path, new Inode.RegularFile(metadata, new Content.Generated(launcher.content())));
        return this;
    }

    /// Walks to a directory as the kernel would, and notes what it meets and what it misses.
    ///
    /// @return the directory's path without links, or null when there is no way
    private @Nullable RootfsPath reach(RootfsPath wanted) {
        Map<RootfsPath, Inode> met = new LinkedHashMap<>();
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
            Inode inode = inodeAt(next);
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
        met.forEach(needed::putIfAbsent);
        return at;
    }

    private Inode inodeAt(RootfsPath path) {
        Inode inode = needed.get(path);
        if (inode == null) {
            inode = rootfs.lookup(path);
        }
        return inode == null ? new Inode.Directory(Metadata.IMPLIED_DIRECTORY) : inode;
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

    /// A sink that passes everything on to `sink`, and before the end what of this has not come.
    /// Paths that the user left out of the image come back where they are needed.
    public RootfsSink applyTo(RootfsSink sink) {
        return new CompletingSink(sink, new LinkedHashMap<>(needed));
    }

    private record CompletingSink(RootfsSink sink, Map<RootfsPath, Inode> missing)
            implements RootfsSink {
        @Override
        public void accept(RootfsEntry entry) throws IOException {
            missing.remove(entry.path());
            sink.accept(entry);
        }

        @Override
        public void finish() throws IOException {
            for (Map.Entry<RootfsPath, Inode> entry : missing.entrySet()) {
                sink.accept(new RootfsEntry.Node(entry.getKey(), entry.getValue()));
            }
            sink.finish();
        }

        @Override
        public Committed commit() throws IOException {
            return sink.commit();
        }

        @Override
        public void sync() throws IOException {
            sink.sync();
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }
}
