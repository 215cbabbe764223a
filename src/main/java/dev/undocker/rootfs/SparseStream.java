package dev.undocker.rootfs;

import dev.undocker.content.BulkInputStream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A sparse file as one stream, holes as zeros.
final class SparseStream extends BulkInputStream {
    private final Content.Sparse content;
    private int next;
    private long position;

    SparseStream(Content.Sparse content) {
        this.content = content;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (next < content.segments().size()) {
            Content.Segment segment = content.segments().get(next);
            if (position < segment.position()) {
                return zeros(target, offset, (int) Math.min(length, segment.position() - position));
            }
            long within = position - segment.position();
            if (within < segment.data().length()) {
                int count = segment.data().read(ByteBuffer.wrap(target, offset, length), within);
                if (count > 0) {
                    position += count;
                }
                return count;
            }
            next++;
        }
        long left = content.size() - position;
        return left == 0 ? -1 : zeros(target, offset, (int) Math.min(length, left));
    }

    private int zeros(byte[] target, int offset, int length) {
        Arrays.fill(target, offset, offset + length, (byte) 0);
        position += length;
        return length;
    }
}
