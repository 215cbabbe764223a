package dev.undocker.content;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads a slice from its beginning to its end.
final class FileSliceStream extends BulkInputStream {
    private final FileSlice slice;
    private long position;

    FileSliceStream(FileSlice slice) {
        this.slice = slice;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = slice.read(ByteBuffer.wrap(target, offset, length), position);
        if (count > 0) {
            position += count;
        }
        return count;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.clamp(count, 0, slice.length() - position);
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, slice.length() - position);
    }
}
