/// The use case: open, merge, emit, verify, commit.
@NullMarked
package dev.undocker.convert;

import org.jspecify.annotations.NullMarked;
