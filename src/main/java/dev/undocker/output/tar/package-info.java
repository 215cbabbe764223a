/// The tar writer. May use `output`, `codec`, `tar`, `rootfs`, `content`.
@NullMarked
package dev.undocker.output.tar;

import org.jspecify.annotations.NullMarked;
