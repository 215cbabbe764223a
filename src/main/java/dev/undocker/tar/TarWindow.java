package dev.undocker.tar;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads a tar through a small window that moves with the headers, so that content between them is
/// skipped unread.
final class TarWindow {
    /// Large enough for a run of small members, small enough not to read much content for nothing.
    private static final int WINDOW = 8 << 10;

    private final TarSource tar;
    private final byte[] bytes = new byte[WINDOW];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private long start;
    private int filled;

    TarWindow(TarSource tar) {
        this.tar = tar;
    }

    TarSource tar() {
        return tar;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Makes the 512-byte block at `position` readable.
    ///
    /// @return its offset in [#bytes()], or −1 when less than a block is left
    int block(long position) throws IOException {
        if (position > tar.limit() - HeaderBlock.SIZE) {
            return -1;
        }
        if (position < start || position + HeaderBlock.SIZE > start + filled) {
            start = position;
            buffer.clear();
            while (buffer.position() < HeaderBlock.SIZE) {
                if (tar.read(buffer, start + buffer.position()) < 0) {
                    filled = 0;
                    return -1;
                }
            }
            filled = buffer.position();
        }
        return (int) (position - start);
    }

    /// Copies `length` bytes from `position` on; null when the file ends before.
    byte @org.jspecify.annotations.Nullable [] copy(long position, int length) throws IOException {
        if (length > tar.limit() - position) {
            return null;
        }
        ByteBuffer copy = ByteBuffer.allocate(length);
        while (copy.hasRemaining()) {
            if (tar.read(copy, position + copy.position()) < 0) {
                return null;
            }
        }
        return copy.array();
    }
}
