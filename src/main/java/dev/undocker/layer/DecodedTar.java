package dev.undocker.layer;

import dev.undocker.content.FileSlice;
import dev.undocker.tar.TarSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// The tar of a compressed layer while it is decoded, once and front to back. What shall be read
/// again is copied on the way. Not thread-safe; the stream stays its owner's.
final class DecodedTar implements TarSource {
    private static final int BUFFER = 256 << 10;

    private final InputStream decoded;
    private final List<PartialCopy> copies;
    private final byte[] buffer = new byte[BUFFER];
    private long start;
    private int filled;
    private boolean ended;

    /// @param copies get the stream; the first one's file is where slices are looked for
    DecodedTar(InputStream decoded, List<PartialCopy> copies) {
        this.decoded = decoded;
        this.copies = copies;
    }

    /// Decodes to the end.
    void finish() throws IOException {
        while (!ended) {
            advance();
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        if (position < start) {
            throw new IllegalStateException("a stream does not go back");
        }
        while (position >= start + filled) {
            if (ended) {
                return -1;
            }
            advance();
        }
        int from = (int) (position - start);
        int count = Math.min(target.remaining(), filled - from);
        target.put(buffer, from, count);
        return count;
    }

    private void advance() throws IOException {
        for (PartialCopy copy : copies) {
            copy.pass(buffer, start, filled);
        }
        start += filled;
        filled = decoded.readNBytes(buffer, 0, BUFFER);
        ended = filled == 0;
    }

    @Override
    public long limit() {
        return ended ? start : Long.MAX_VALUE;
    }

    @Override
    public FileSlice slice(long from, long size) {
        return new FileSlice(copies.getFirst().file(), from, size);
    }

    @Override
    public FileSlice keep(byte[] bytes, int from, int length, long position) {
        copies.getFirst().write(ByteBuffer.wrap(bytes, from, length), position);
        return slice(position, length);
    }
}
