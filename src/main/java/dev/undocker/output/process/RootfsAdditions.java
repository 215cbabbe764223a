package dev.undocker.output.process;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.output.Committed;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.PathWalk;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.RuntimeMounts;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a runtime needs in a root file system beside what the image has: directories to start in or
/// to mount on, and files of ours. Nothing of the image is replaced but an empty [NameFile]. Not
/// thread-safe.
///
/// Paths are those of a process in the container: the image's symbolic links are followed inside
/// the root, and what they lead to is made too.
public final class RootfsAdditions {
    private static final int FILE_MODE = 0644;

    private final RootfsView rootfs;
    private final Warnings warnings;

    /// What has to be there when all is written, parents first; much of it is the image's.
    private final Map<RootfsPath, Inode> needed = new LinkedHashMap<>();

    /// What stands in for the image's inodes at these paths.
    private final Map<RootfsPath, Inode> replacements = new HashMap<>();

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

    /// The directories on which a runtime mounts.
    public RootfsAdditions mountPoints(RuntimeMounts mounts) {
        mounts.points().forEach(point -> directory("mount point", point));
        return this;
    }

    /// The directories of an image's volumes.
    public RootfsAdditions volumes(Volumes volumes) {
        volumes.all().forEach(volume -> reach(volume.path()));
        return this;
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

    /// A small file that the image leaves free; one of its own is its own choice, which is said.
    public RootfsAdditions file(String name, byte[] content) {
        RootfsPath wanted = RootfsPath.of(name);
        RootfsPath above = wanted.parent();
        RootfsPath directory = above == null ? null : reach(above);
        if (directory == null) {
            warnings.warn(
                    "/%s: not made: something else is in the way in the image".formatted(name));
            return this;
        }
        RootfsPath path = directory.resolve(wanted.name());
        if (inodeAt(path) == null) {
            Metadata metadata = new Metadata(FILE_MODE, 0, 0, 0, 0, List.of());
            needed.put(path, new Inode.RegularFile(metadata, new Content.Generated(content)));
        } else {
            warnings.warn("/%s: the image has its own, which stays".formatted(name));
        }
        return this;
    }

    /// A file for finding hosts, where the image leaves it to the engine.
    public RootfsAdditions names(NameFile file) {
        RootfsPath directory = reach(file.directory());
        if (directory == null) {
            warnings.warn(
                    "/%s: not made: something else is in the way in the image"
                            .formatted(file.path()));
            return this;
        }
        RootfsPath path = directory.resolve(file.path().name());
        Inode there = needed.containsKey(path) ? needed.get(path) : rootfs.lookup(path);
        if (NameFile.isLeftOpen(there)) {
            needed.put(path, file.inode());
            if (there != null) {
                replacements.put(path, file.inode());
            }
        }
        return this;
    }

    /// Walks to a directory, and notes what is met and what is missed.
    ///
    /// @return the directory's path without links, or null when there is no way
    private @Nullable RootfsPath reach(RootfsPath wanted) {
        PathWalk walk = PathWalk.to(wanted, this::inodeAt);
        RootfsPath directory = walk.directory();
        if (directory != null) {
            walk.met().forEach(needed::putIfAbsent);
        }
        return directory;
    }

    private @Nullable Inode inodeAt(RootfsPath path) {
        Inode inode = needed.get(path);
        return inode == null ? rootfs.lookup(path) : inode;
    }

    /// A sink that passes everything on to `sink`, and before the end what of this has not come.
    /// Paths that the user left out of the image come back where they are needed.
    public RootfsSink applyTo(RootfsSink sink) {
        return new CompletingSink(
                sink, new LinkedHashMap<>(needed), Map.copyOf(replacements), new HashMap<>());
    }

    /// @param firstNames of the inodes that were replaced, by the path where that was
    private record CompletingSink(
            RootfsSink sink,
            Map<RootfsPath, Inode> missing,
            Map<RootfsPath, Inode> replacements,
            Map<RootfsPath, RootfsPath> firstNames)
            implements RootfsSink {
        @Override
        public void accept(RootfsEntry entry) throws IOException {
            missing.remove(entry.path());
            Inode replacement = replacements.get(entry.path());
            sink.accept(
                    replacement == null
                            ? relinked(entry)
                            : new RootfsEntry.Node(entry.path(), replacement));
        }

        /// The other names of a replaced inode still belong together.
        private RootfsEntry relinked(RootfsEntry entry) {
            if (!(entry instanceof RootfsEntry.HardLink link)
                    || !replacements.containsKey(link.target())) {
                return entry;
            }
            RootfsPath first = firstNames.putIfAbsent(link.target(), link.path());
            return first == null
                    ? new RootfsEntry.Node(link.path(), link.inode())
                    : new RootfsEntry.HardLink(link.path(), first, link.inode());
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
