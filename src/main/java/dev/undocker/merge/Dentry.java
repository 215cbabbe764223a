package dev.undocker.merge;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/// One name in the tree under construction. There may be millions, so it holds its last name alone;
/// where it stands, its directory knows.
sealed class Dentry permits DirectoryDentry {
    /// The last component; empty for the root. Never written.
    final byte[] name;

    /// What [RootfsPath#hashCode()] is for [#path()].
    final int hash;

    Inode inode;

    /// The layer that put the inode here.
    int layer;

    /// True when the inode has had another name, too.
    boolean linked;

    boolean removed;

    private final @Nullable DirectoryDentry parent;
    private @Nullable Dentry previous;
    private @Nullable Dentry next;

    /// Puts a name behind the others of its directory.
    ///
    /// @param parent null for the root
    /// @param name one component, never written again
    Dentry(@Nullable DirectoryDentry parent, byte[] name, int hash, Inode inode, int layer) {
        this.parent = parent;
        this.name = name;
        this.hash = hash;
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

    /// A new object for what is no directory.
    RootfsPath path() {
        return Objects.requireNonNull(parent).path().child(name);
    }

    /// The directory that holds this name; null for the root.
    @Nullable DirectoryDentry parent() {
        return parent;
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
        if (this instanceof DirectoryDentry directory && directory.firstChild != null) {
            return directory.firstChild;
        }
        Dentry at = this;
        while (at != top) {
            if (at.next != null) {
                return at.next;
            }
            at = Objects.requireNonNull(at.parent);
        }
        return null;
    }
}
