package dev.undocker.content;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/// Tells how many bytes have passed, a chunk at a time, and the rest at the end of the stream or
/// when it is closed.
public final class WatchedInputStream extends FilterInputStream {
    private static final long CHUNK = 256 << 10;

    private final LongConsumer passed;
    private long untold;

    /// @param passed takes the number of bytes since it was last told
    public WatchedInputStream(InputStream in, LongConsumer passed) {
        super(in);
        this.passed = passed;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        count(value < 0 ? -1 : 1);
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        count(read);
        return read;
    }

    @Override
    public long skip(long wanted) throws IOException {
        long skipped = in.skip(wanted);
        count(skipped);
        return skipped;
    }

    private void count(long read) {
        untold += Math.max(0, read);
        if (read < 0 || untold >= CHUNK) {
            tell();
        }
    }

    private void tell() {
        if (untold > 0) {
            passed.accept(untold);
            untold = 0;
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        try {
            tell();
        } finally {
            in.close();
        }
    }
}
