/// What tests share: what a test needs of its machine, and the built program.
@NullMarked
package dev.undocker.testing;

import org.jspecify.annotations.NullMarked;
