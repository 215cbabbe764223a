package dev.undocker.source.registry;

import dev.undocker.UndockerException;

import java.time.Duration;

/// Waits before something is tried again.
@FunctionalInterface
interface Pause {
    /// @throws UndockerException when the thread is interrupted
    void of(Duration duration);

    /// The real one.
    static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UndockerException("interrupted", e);
        }
    }
}
