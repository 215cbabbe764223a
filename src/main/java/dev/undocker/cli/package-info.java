/// The command line: picocli commands, exit codes, messages.
@NullMarked
package dev.undocker.cli;

import org.jspecify.annotations.NullMarked;
