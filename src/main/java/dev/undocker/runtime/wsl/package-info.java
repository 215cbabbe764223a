/// Distributions for the Windows Subsystem for Linux.
@NullMarked
package dev.undocker.runtime.wsl;

import org.jspecify.annotations.NullMarked;
