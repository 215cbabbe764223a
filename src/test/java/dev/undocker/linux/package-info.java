@NullMarked
package dev.undocker.linux;

import org.jspecify.annotations.NullMarked;
