/// Images that every container program of the matrix has to start exactly: `src/test/matrix`.
@NullMarked
package dev.undocker.matrix;

import org.jspecify.annotations.NullMarked;
