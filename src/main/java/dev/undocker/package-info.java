/// What every other package may use: the failure a user reads, the place for warnings and progress,
/// and what a directory holds.
@NullMarked
package dev.undocker;

import org.jspecify.annotations.NullMarked;
