package dev.undocker.query;

import dev.undocker.rootfs.RootfsPath;

/// A regular file that a layer carries although a higher one replaces or removes it.
///
/// @param size in bytes, holes left out
/// @param layer that carries it, from 1
/// @param hiddenBy the layer that hides it
public record Wasted(RootfsPath path, long size, int layer, int hiddenBy) {}
