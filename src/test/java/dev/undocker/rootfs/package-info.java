@NullMarked
package dev.undocker.rootfs;

import org.jspecify.annotations.NullMarked;
