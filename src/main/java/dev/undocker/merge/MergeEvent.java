package dev.undocker.merge;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

/// One thing that the merge does to one name, for whoever asks where a name comes from or went.
/// Layers are counted from 1, the base. What a layer repeats or hides in vain is no event.
public sealed interface MergeEvent {
    /// The layer that does it.
    int layer();

    /// The name, as it stands in the tree: no part of its way is a symbolic link.
    RootfsPath path();

    /// What the name points to, before it goes or once it has come.
    Inode inode();

    /// A name comes: it was not there, or what was there has just gone.
    ///
    /// @param member what the layer calls it; another path than `path` where a symbolic link of the
    ///   same layer stands in the way and was followed
    record Added(int layer, RootfsPath path, Inode inode, RootfsPath member)
            implements MergeEvent {}

    /// A name comes that is a hard link.
    ///
    /// @param target what the layer says it is a further name of; may be hidden by now
    record Linked(int layer, RootfsPath path, Inode inode, RootfsPath member, RootfsPath target)
            implements MergeEvent {}

    /// A directory comes that no layer describes, because something goes into it.
    ///
    /// @param member what goes into it, as the layer calls it
    record Implied(int layer, RootfsPath path, Inode inode, RootfsPath member)
            implements MergeEvent {}

    /// A directory stays, and what is below it, but gets this layer's metadata.
    ///
    /// @param before what it was until now
    /// @param by the layer whose metadata that was; 0 for none
    record Updated(int layer, RootfsPath path, Inode inode, Inode before, int by)
            implements MergeEvent {}

    /// A name goes, alone or with all that is below it: each name is told.
    ///
    /// @param of the layer that had put it there
    /// @param cause why
    /// @param at where the cause stands: the name itself or a directory on its way
    record Removed(int layer, RootfsPath path, Inode inode, int of, Cause cause, RootfsPath at)
            implements MergeEvent {}

    /// Why a name goes (image-spec `layer.md#whiteouts`).
    enum Cause {
        /// `.wh.NAME`.
        WHITEOUT,
        /// `.wh..wh..opq` in the directory.
        OPAQUE_WHITEOUT,
        /// The layer has something else under that name.
        REPLACED
    }
}
