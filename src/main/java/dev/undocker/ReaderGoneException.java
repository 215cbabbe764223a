package dev.undocker;

import java.io.IOException;

/// Whoever read what this program writes through a pipe has gone away (EPIPE, write(2)) and needs
/// no word. What else may break a pipe, such as a server that is written to, is a failure like any
/// other: so only whoever writes for the user makes one.
public final class ReaderGoneException extends UndockerException {
    private static final long serialVersionUID = 1L;

    private ReaderGoneException(UndockerException failure) {
        super(failure.sentence(), failure);
    }

    /// What a failure to write for the user means.
    ///
    /// @return `failure`, or in its place that the reader has gone
    public static UndockerException or(UndockerException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof IOException && "Broken pipe".equals(at.getMessage())) {
                return new ReaderGoneException(failure);
            }
        }
        return failure;
    }
}
