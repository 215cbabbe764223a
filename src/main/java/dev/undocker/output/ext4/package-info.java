/// Root file systems in ext4. May use `output`, `output.program`, `rootfs`.
@NullMarked
package dev.undocker.output.ext4;

import org.jspecify.annotations.NullMarked;
