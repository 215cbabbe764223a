/// What the writers that start something share.
@NullMarked
package dev.undocker.output.process;

import org.jspecify.annotations.NullMarked;
