package dev.undocker.runtime.launcher;

/// How a system call ended.
enum Outcome {
    SUCCESS,
    /// It failed with `ENOENT`.
    NOT_FOUND;

    /// The same number on every architecture (errno(3)).
    static final int ENOENT = 2;
}
