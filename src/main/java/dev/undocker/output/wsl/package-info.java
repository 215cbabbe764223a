/// Distributions for WSL.
@NullMarked
package dev.undocker.output.wsl;

import org.jspecify.annotations.NullMarked;
