package dev.undocker.runtime;

import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;

/// A directory that a mount hides, and that can be made anew on top of it.
///
/// @param path without links
/// @param metadata of which mode and owner count
public record HiddenDirectory(RootfsPath path, Metadata metadata) {}
