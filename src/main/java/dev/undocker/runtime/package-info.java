/// An image's process (argv, environment, user, directory, signal) and how each runtime wants it
/// written. May use `image` and `rootfs`.
@NullMarked
package dev.undocker.runtime;

import org.jspecify.annotations.NullMarked;
