/// Initial RAM file systems. May use `output`, `output.program`, `output.tar`, `codec`, `rootfs`.
@NullMarked
package dev.undocker.output.cpio;

import org.jspecify.annotations.NullMarked;
