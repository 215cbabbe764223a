package dev.undocker.output;

import dev.undocker.linux.DirectoryHandle;
import dev.undocker.linux.Errno;
import dev.undocker.linux.SystemCallException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.PathWalk;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Goes through a root file system on disk as a process goes that lives in it: whatever its links
/// say, the way does not lead out of it.
///
/// @param root of the file system, in `tree`
record TreeWalk(DirectoryHandle tree, RootfsPath root) {
    /// Stands for what is neither a directory nor a link.
    private static final Inode IN_THE_WAY = new Inode.Fifo(Metadata.IMPLIED_DIRECTORY);

    PathWalk to(RootfsPath path) throws IOException {
        try {
            return PathWalk.to(path, this::at);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private @Nullable Inode at(RootfsPath path) {
        RootfsPath place = root.resolve(path.toBytes());
        try (DirectoryHandle directory = tree.openDirectory(place.toBytes())) {
            return new Inode.Directory(Metadata.IMPLIED_DIRECTORY);
        } catch (SystemCallException e) {
            if (e.is(Errno.ENOENT)) {
                return null;
            }
            if (e.is(Errno.ENOTDIR, Errno.ELOOP)) {
                return other(place);
            }
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param place of no directory, in one
    private Inode other(RootfsPath place) {
        RootfsPath parent = place.parent();
        try (DirectoryHandle directory =
                parent == null || parent.isRoot() ? null : tree.openDirectory(parent.toBytes())) {
            byte[] target = (directory == null ? tree : directory).linkTarget(place.name());
            return target == null
                    ? IN_THE_WAY
                    : new Inode.Symlink(Metadata.IMPLIED_DIRECTORY, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
