/// The layer merge: a stack of layer indexes becomes one tree of names and inodes. May use `layer`
/// and `rootfs`.
@NullMarked
package dev.undocker.merge;

import org.jspecify.annotations.NullMarked;
