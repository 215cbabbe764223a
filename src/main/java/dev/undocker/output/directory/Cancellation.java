package dev.undocker.output.directory;

import dev.undocker.UndockerException;

/// Tells all threads of a sink to stop. Thread-safe.
final class Cancellation {
    private volatile boolean cancelled;

    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /// @throws UndockerException once [#cancel()] was called
    void check() {
        if (cancelled) {
            throw new UndockerException("interrupted");
        }
    }
}
