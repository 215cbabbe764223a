package dev.undocker.layer;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

/// What one member of a layer asks for (image-spec `layer.md`).
public sealed interface LayerEntry {
    /// The member's own path, whiteout prefix gone.
    RootfsPath path();

    /// The same of another occurrence of the layer: content is shared, but an inode is a thing of
    /// its own, which hard links tell apart.
    default LayerEntry again() {
        return switch (this) {
            case Addition(RootfsPath path, Inode inode) ->
                    new Addition(path, inode.withMetadata(inode.metadata()));
            case PseudoLink(RootfsPath path, Inode inode) ->
                    new PseudoLink(path, inode.withMetadata(inode.metadata()));
            case HardLink link -> link;
            case Whiteout whiteout -> whiteout;
            case OpaqueWhiteout whiteout -> whiteout;
        };
    }

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
