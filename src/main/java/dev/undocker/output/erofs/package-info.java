/// Root file systems in EROFS. May use `output`, `output.program`, `rootfs`.
@NullMarked
package dev.undocker.output.erofs;

import org.jspecify.annotations.NullMarked;
