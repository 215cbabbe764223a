/// Outputs that a maintained program makes of our tar. May use `output`, `output.tar`, `image`,
/// `rootfs`.
@NullMarked
package dev.undocker.output.program;

import org.jspecify.annotations.NullMarked;
