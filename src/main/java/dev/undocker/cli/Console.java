package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.rootfs.RootfsPath;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What the user reads: messages on standard error, as `undocker: what: why`, in UTF-8 whatever the
/// locale. Text from images cannot reach the terminal's control functions. Thread-safe.
final class Console implements Warnings {
    private final PrintStream output;
    private final PrintStream error;
    private volatile boolean silent;

    /// @param output for what the user asked to read: help and version
    /// @param error for messages
    Console(OutputStream output, OutputStream error) {
        this.output = new PrintStream(output, true, StandardCharsets.UTF_8);
        this.error = new PrintStream(error, true, StandardCharsets.UTF_8);
    }

    /// Says no more: the process is being ended by a signal, and failures that follow are its
    /// doing.
    void silence() {
        silent = true;
    }

    @Override
    public void warn(String sentence) {
        line("undocker: warning: " + sentence);
    }

    void failure(UndockerException failure, boolean verbose) {
        line("undocker: " + failure.sentence());
        if (failure.hint() != null) {
            line("hint: " + failure.hint());
        }
        if (verbose) {
            failure.printStackTrace(error);
        }
    }

    /// A failure that nobody foresaw; the trace is what a bug report needs.
    void defect(Throwable failure, boolean verbose) {
        line("undocker: internal error: " + failure);
        line("hint: run again with --verbose and report what it prints");
        if (verbose) {
            failure.printStackTrace(error);
        }
    }

    void line(String text) {
        if (!silent) {
            error.println(printable(text));
        }
    }

    /// Names are made printable where they enter a sentence; this catches what came another way.
    private static String printable(String text) {
        boolean clean = text.codePoints().noneMatch(Console::dangerous);
        return clean ? text : RootfsPath.printable(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean dangerous(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL || type == Character.FORMAT;
    }

    PrintStream output() {
        return output;
    }

    PrintStream error() {
        return error;
    }
}
