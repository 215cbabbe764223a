package dev.undocker.layer;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

/// What one member of a layer asks for (image-spec `layer.md`).
public sealed interface LayerEntry {
    /// The member's own path, whiteout prefix gone.
    RootfsPath path();

    /// Puts `inode` under `path`.
    record Addition(RootfsPath path, Inode inode) implements LayerEntry {}

    /// Makes `path` a further name of what `target` names.
    record HardLink(RootfsPath path, RootfsPath target) implements LayerEntry {}

    /// Removes `path`, with everything below it, from the lower layers.
    record Whiteout(RootfsPath path) implements LayerEntry {}

    /// Removes all that lower layers have below `path`, but not the directory itself.
    record OpaqueWhiteout(RootfsPath path) implements LayerEntry {}

    /// A file of aufs' own (`/.wh..wh.plnk/…`): no name in the root file system, but hard links of
    /// the same layer may point to it.
    record PseudoLink(RootfsPath path, Inode inode) implements LayerEntry {}
}
