package dev.undocker.layer;

import dev.undocker.content.Limits;
import dev.undocker.image.LayerBlob;

import java.util.concurrent.atomic.AtomicLong;

/// What the layers of one image have used up of their [Limits]. Thread-safe.
final class Allowance {
    private final Limits limits;
    private final long stored;
    private final AtomicLong names = new AtomicLong();
    private final AtomicLong content = new AtomicLong();
    private final AtomicLong decoded = new AtomicLong();

    /// @param stored bytes of all layers
    Allowance(Limits limits, long stored) {
        this.limits = limits;
        this.stored = stored;
    }

    /// A member that is about to be kept in mind.
    ///
    /// @param count its name and those of directories that came with it
    /// @param size of its content, holes included, as its header claims
    void take(LayerBlob blob, int count, long size) {
        limits.requireEntries(blob, names.addAndGet(count));
        use(blob, content, size);
    }

    /// Bytes that came out of a decoder.
    void decoded(LayerBlob blob, long bytes) {
        use(blob, decoded, bytes);
    }

    private void use(LayerBlob blob, AtomicLong used, long bytes) {
        used.accumulateAndGet(
                bytes, (total, more) -> limits.requireBytes(blob, total, more, stored));
    }
}
