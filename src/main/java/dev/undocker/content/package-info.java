/// Bytes on disk: slices of open files and unlinked temporary files. Depends on nothing else here.
@NullMarked
package dev.undocker.content;

import org.jspecify.annotations.NullMarked;
