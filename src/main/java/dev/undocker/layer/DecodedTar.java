package dev.undocker.layer;

import dev.undocker.content.FileSlice;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.tar.TarSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The tar of a compressed layer while it is decoded, once and front to back. What shall be read
/// again goes to a temporary file, at the offset that it has in the tar; the rest of that file is
/// holes. Not thread-safe; it owns neither the stream nor the file.
final class DecodedTar implements TarSource {
    private static final int BUFFER = 1 << 20;

    /// A shorter gap between kept pieces is written along: it costs less than a further call, and a
    /// hole of less than a block saves nothing.
    private static final int LARGEST_GAP = 4 << 10;

    private final InputStream decoded;
    private final TemporaryFiles temporary;
    private final FileChannel file;
    private final byte[] buffer = new byte[BUFFER];
    private long start;
    private int filled;
    private boolean ended;

    /// What is still to be written: from `keptFrom` to `keptTo` in the tar, never before `start`.
    private long keptFrom;

    private long keptTo;

    /// @param file one of `temporary`
    DecodedTar(InputStream decoded, TemporaryFiles temporary, FileChannel file) {
        this.decoded = decoded;
        this.temporary = temporary;
        this.file = file;
    }

    /// Keeps the `size` bytes from `offset` on, of which none was passed yet; in ascending order.
    void keep(long offset, long size) {
        if (offset - keptTo > LARGEST_GAP) {
            write();
            keptFrom = offset;
        }
        keptTo = Math.max(keptTo, offset + size);
    }

    /// Decodes to the end, as a digest needs it.
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
        write();
        start += filled;
        keptFrom = Math.max(keptFrom, start);
        filled = decoded.readNBytes(buffer, 0, BUFFER);
        ended = filled == 0;
    }

    /// Writes what the buffer holds of the kept range.
    private void write() {
        long end = Math.min(keptTo, start + filled);
        if (keptFrom < end) {
            int from = (int) (keptFrom - start);
            temporary.write(file, ByteBuffer.wrap(buffer, from, (int) (end - keptFrom)), keptFrom);
            keptFrom = end;
        }
    }

    @Override
    public long limit() {
        return ended ? start : Long.MAX_VALUE;
    }

    @Override
    public FileSlice slice(long from, long size) {
        return new FileSlice(file, from, size);
    }
}
