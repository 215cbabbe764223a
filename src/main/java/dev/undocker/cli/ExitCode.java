package dev.undocker.cli;

/// What the process returns; README lists the same.
final class ExitCode {
    static final int DONE = 0;

    /// The conversion failed.
    static final int FAILED = 1;

    /// The command line is wrong.
    static final int USAGE = 2;

    /// Whoever read standard output went away: 128 + SIGPIPE, as a shell reports it. (Interrupted
    /// runs return 130 and 143 in the same way, which the Java runtime does by itself.)
    static final int BROKEN_PIPE = 141;

    private ExitCode() {}
}
