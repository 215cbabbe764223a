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
import dev.undocker.rootfs.Walk;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a runtime needs in a root file system beside what the image has: directories to start in or
/// to mount on, and files of ours. Nothing of the image is replaced. Not thread-safe.
///
/// Paths are those of a process in the container: the image's symbolic links are followed inside
/// the root, and what they lead to is made too.
public final class RootfsAdditions {
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

    /// Walks to a directory and notes what there is and what is missing on the way.
    ///
    /// @return the directory's path without links, or null when there is no way
    private @Nullable RootfsPath reach(RootfsPath wanted) {
        Walk walk = Walk.to(wanted, this::inodeAt);
        if (walk == null) {
            return null;
        }
        walk.met().forEach(needed::putIfAbsent);
        return walk.end();
    }

    private @Nullable Inode inodeAt(RootfsPath path) {
        Inode inode = needed.get(path);
        return inode == null ? rootfs.lookup(path) : inode;
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
