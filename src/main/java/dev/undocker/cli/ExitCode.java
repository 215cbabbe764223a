package dev.undocker.cli;

/// What the process returns; the manual lists the same.
final class ExitCode {
    static final int DONE = 0;

    /// The conversion failed.
    static final int FAILED = 1;

    /// A question was answered, and the answer is no: as grep(1) and diff(1) say it.
    static final int NO = 1;

    /// A question that is answered by yes or no could not be: as grep(1) and diff(1) say it.
    static final int TROUBLE = 2;

    /// The command line is wrong.
    static final int USAGE = 2;

    /// Whoever read standard output went away: 128 + SIGPIPE, as a shell reports it. (Interrupted
    /// runs return 130 and 143 in the same way, which the Java runtime does by itself.)
    static final int BROKEN_PIPE = 141;

    private ExitCode() {}
}
