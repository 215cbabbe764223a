/// The story of one path: which layers made, changed and removed it, and why it is or is not in the
/// result.
@NullMarked
package dev.undocker.query.explain;

import org.jspecify.annotations.NullMarked;
