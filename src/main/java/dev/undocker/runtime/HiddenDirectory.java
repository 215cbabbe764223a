package dev.undocker.runtime;

import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;

/// A directory that a mount hides, and that can be made anew on top of it.
///
/// @param path without links
/// @param metadata of which mode and owner count
public record HiddenDirectory(RootfsPath path, Metadata metadata) {
    /// The path as a process in the container gives it to the kernel, without a final NUL.
    public byte[] absolutePath() {
        byte[] absolute = new byte[1 + path.length()];
        absolute[0] = '/';
        path.copyTo(absolute, 1);
        return absolute;
    }
}
