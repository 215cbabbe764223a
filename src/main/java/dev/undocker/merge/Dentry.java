package dev.undocker.merge;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

/// One name in the tree under construction. The children of a directory are a linked list in the
/// order in which they came, so that a whole subtree goes without a search.
final class Dentry {
    /// Shares all but the last name with the directory's path.
    final RootfsPath path;

    Inode inode;

    /// The layer that put the inode here.
    int layer;

    /// True when the inode has had another name, too.
    boolean linked;

    boolean removed;

    private final @Nullable Dentry parent;
    private @Nullable Dentry firstChild;
    private @Nullable Dentry lastChild;
    private @Nullable Dentry previous;
    private @Nullable Dentry next;

    Dentry(@Nullable Dentry parent, RootfsPath path, Inode inode, int layer) {
        this.parent = parent;
        this.path = path;
        this.inode = inode;
        this.layer = layer;
        if (parent != null) {
            previous = parent.lastChild;
            if (previous != null) {
                previous.next = this;
            } else {
                parent.firstChild = this;
            }
            parent.lastChild = this;
        }
    }

    boolean isDirectory() {
        return inode instanceof Inode.Directory;
    }

    /// The directory that holds this name; null for the root.
    @Nullable Dentry parent() {
        return parent;
    }

    @Nullable Dentry firstChild() {
        return firstChild;
    }

    /// The name that came next into the same directory.
    @Nullable Dentry nextSibling() {
        return next;
    }

    /// Takes the name out of its directory.
    void unlink() {
        if (previous != null) {
            previous.next = next;
        } else if (parent != null) {
            parent.firstChild = next;
        }
        if (next != null) {
            next.previous = previous;
        } else if (parent != null) {
            parent.lastChild = previous;
        }
        previous = null;
        next = null;
    }

    /// The next name of the subtree below `top`, children before siblings; null after the last.
    @Nullable Dentry nextBelow(Dentry top) {
        if (firstChild != null) {
            return firstChild;
        }
        Dentry at = this;
        while (at != top) {
            if (at.next != null) {
                return at.next;
            }
            at = java.util.Objects.requireNonNull(at.parent);
        }
        return null;
    }
}
