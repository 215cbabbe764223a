/// In what two merged trees differ.
@NullMarked
package dev.undocker.query.diff;

import org.jspecify.annotations.NullMarked;
