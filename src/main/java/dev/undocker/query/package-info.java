/// Answers to questions about an image, from its merged tree. May use `content`, `image`, `merge`
/// and `rootfs`.
@NullMarked
package dev.undocker.query;

import org.jspecify.annotations.NullMarked;
