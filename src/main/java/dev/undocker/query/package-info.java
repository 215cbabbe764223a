/// Questions about an image, answered from its merged tree: what they have in common. May use
/// `content`, `image`, `merge` and `rootfs`; never writes an output.
@NullMarked
package dev.undocker.query;

import org.jspecify.annotations.NullMarked;
