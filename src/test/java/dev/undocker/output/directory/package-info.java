@NullMarked
package dev.undocker.output.directory;

import org.jspecify.annotations.NullMarked;
