/// The page that shows an image as a picture. Its template, style and script are resources beside
/// it. May use `image`, `merge` and `rootfs`.
@NullMarked
package dev.undocker.query.picture;

import org.jspecify.annotations.NullMarked;
