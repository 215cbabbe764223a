/// Root file systems in squashfs.
@NullMarked
package dev.undocker.output.squashfs;

import org.jspecify.annotations.NullMarked;
