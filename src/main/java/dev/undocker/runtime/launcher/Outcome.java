package dev.undocker.runtime.launcher;

/// How a system call ended.
enum Outcome {
    SUCCESS(0),
    /// It succeeded with 0, as clone(2) does in the new process.
    ZERO(0),
    /// It failed with `ENOENT`.
    NOT_FOUND(2),
    /// It failed with `EEXIST`.
    EXISTS(17);

    private final int errno;

    Outcome(int errno) {
        this.errno = errno;
    }

    /// The same number on every architecture (errno(3)); 0 for success, of which only [#ZERO] makes
    /// use.
    int errno() {
        return errno;
    }
}
