/// What every other package may use: the failure a user reads, and the place for warnings and
/// progress.
@NullMarked
package dev.undocker;

import org.jspecify.annotations.NullMarked;
