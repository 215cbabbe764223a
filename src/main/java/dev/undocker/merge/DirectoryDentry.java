package dev.undocker.merge;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

/// The name of a directory. Its children are a linked list in the order in which they came, so that
/// a whole subtree goes without a search.
final class DirectoryDentry extends Dentry {
    @Nullable Dentry firstChild;
    @Nullable Dentry lastChild;

    private final RootfsPath path;

    /// @param path where it stands; shares all but the last name with the parent's
    DirectoryDentry(
            @Nullable DirectoryDentry parent, RootfsPath path, Inode.Directory inode, int layer) {
        super(parent, path.name(), path.hashCode(), inode, layer);
        this.path = path;
    }

    @Override
    RootfsPath path() {
        return path;
    }
}
