/// One layer: its decoded bytes and the index of its members. May use `codec`, `tar`, `image`,
/// `rootfs`.
@NullMarked
package dev.undocker.layer;

import org.jspecify.annotations.NullMarked;
