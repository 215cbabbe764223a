package dev.undocker.source.cache;

import dev.undocker.content.BulkInputStream;
import dev.undocker.image.Digest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// A blob while it arrives, from afar or from the cache: it is verified at the end, and what is
/// read may be copied to the cache.
final class Arrival extends BulkInputStream {
    private final InputStream in;
    private final Object origin;
    private final Digest digest;
    private final MessageDigest sum;
    private final @Nullable Partial copy;
    private boolean ended;

    /// @param in the whole blob
    /// @param size how many bytes it should have
    /// @param origin whose text says in messages where it comes from
    /// @param copy gets it too, and is closed with it; null for none
    Arrival(InputStream in, long size, Object origin, Digest digest, @Nullable Partial copy) {
        this.in = in;
        this.origin = origin;
        this.digest = digest;
        this.sum = digest.algorithm().newMessageDigest(size);
        this.copy = copy;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count >= 0) {
            sum.update(target, offset, count);
            if (copy != null) {
                copy.append(target, offset, count);
            }
        } else if (!ended) {
            ended = true;
            end();
        }
        return count;
    }

    private void end() throws IOException {
        Digest actual = Digest.of(digest.algorithm(), sum);
        if (!actual.equals(digest)) {
            if (copy != null) {
                copy.discard();
            }
            throw new IOException("%s, from %s".formatted(actual.mismatch(), origin));
        }
        if (copy != null) {
            copy.keep();
        }
    }

    @Override
    public void close() throws IOException {
        try (copy) {
            in.close();
        }
    }
}
