package dev.undocker.output;

import java.io.Closeable;
import java.io.IOException;

/// Hands something open on to what will own it. Between opening and owning much can fail, a full
/// disk above all; then it is closed, so that nothing is left behind.
public final class Handover {
    private Handover() {}

    /// Makes the next owner.
    ///
    /// @param <R> what is handed on
    /// @param <T> the next owner
    @FunctionalInterface
    public interface Next<R, T> {
        T take(R resource) throws IOException;
    }

    /// What `next` makes of `resource`, which is closed when that fails, in whatever way.
    public static <R extends Closeable, T> T of(R resource, Next<R, T> next) throws IOException {
        try {
            return next.take(resource);
        } catch (Throwable e) {
            try {
                resource.close();
            } catch (IOException | RuntimeException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }
}
