package dev.undocker.query.diff;

import dev.undocker.query.Change;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import java.util.List;

/// A path at which two trees differ.
public sealed interface Difference {
    RootfsPath path();

    /// The second tree alone has it.
    ///
    /// @param top true when the directory that it is in is in both
    record Added(RootfsPath path, Inode inode, boolean top) implements Difference {}

    /// The first tree alone has it.
    ///
    /// @param top true when the directory that it is in is in both
    record Deleted(RootfsPath path, Inode inode, boolean top) implements Difference {}

    /// Both have it.
    ///
    /// @param changes at least one
    record Changed(RootfsPath path, Inode before, Inode after, List<Change> changes)
            implements Difference {
        public Changed {
            changes = List.copyOf(changes);
        }
    }
}
