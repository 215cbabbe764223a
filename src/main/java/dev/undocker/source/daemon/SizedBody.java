package dev.undocker.source.daemon;

import dev.undocker.content.BulkInputStream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// A body whose length was said before (RFC 9112, section 6.2).
final class SizedBody extends BulkInputStream {
    private final InputStream in;
    private final long size;
    private long position;

    SizedBody(InputStream in, long size) {
        this.in = in;
        this.size = size;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == size) {
            return -1;
        }
        int count = in.read(target, offset, (int) Math.min(length, size - position));
        if (count < 0) {
            throw new EOFException(
                    "the connection ended after %d of %d bytes".formatted(position, size));
        }
        position += count;
        return count;
    }
}
