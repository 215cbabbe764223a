/// Tar members: reading every dialect, writing ustar with PAX records. May use `rootfs` and
/// `content`.
@NullMarked
package dev.undocker.tar;

import org.jspecify.annotations.NullMarked;
