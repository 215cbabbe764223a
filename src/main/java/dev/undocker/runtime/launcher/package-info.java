/// A tiny executable that we generate for what a runtime's configuration cannot express.
@NullMarked
package dev.undocker.runtime.launcher;

import org.jspecify.annotations.NullMarked;
