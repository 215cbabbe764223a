package dev.undocker.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The frames of a zstd file (RFC 8878), skippable ones too, one after the other.
///
/// Not the library's own stream: that one takes a file cut short within a later frame for complete
/// when the frame's beginning came with the end of the one before.
final class ZstdDecoder extends InputStream {
    private static final int BUFFER = 128 * 1024; // ZSTD_DStreamOutSize

    /// What closed decoders worked with. An image has many layers, and memory outside the heap
    /// would be given back by the next garbage collection only.
    private static final Queue<Workspace> FREE = new ConcurrentLinkedQueue<>();

    private final InputStream stored;
    private final Workspace workspace;
    private final ZstdDecompressCtx context;
    private final ByteBuffer input;
    private final ByteBuffer output;
    private boolean betweenFrames;
    private boolean outputPending;
    private boolean closed;

    private record Workspace(
            ZstdDecompressCtx context, byte[] piece, ByteBuffer input, ByteBuffer output) {
        /// A used one if there is any.
        static Workspace take() {
            Workspace free = FREE.poll();
            if (free == null) {
                return new Workspace(
                        ZstdLibrary.decompressing(),
                        new byte[BUFFER],
                        ByteBuffer.allocateDirect(BUFFER),
                        ByteBuffer.allocateDirect(BUFFER));
            }
            free.context.reset();
            return free;
        }
    }

    ZstdDecoder(InputStream stored) {
        this.stored = stored;
        workspace = Workspace.take();
        context = workspace.context();
        input = workspace.input().limit(0);
        output = workspace.output().limit(0);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("zstd: stream is closed");
        }
        if (length == 0) {
            return 0;
        }
        while (!output.hasRemaining()) {
            if (!input.hasRemaining() && !outputPending && !refill()) {
                if (!betweenFrames) {
                    throw new IOException("zstd: data ends too early");
                }
                return -1;
            }
            decompress();
        }
        int count = Math.min(length, output.remaining());
        output.get(target, offset, count);
        return count;
    }

    private void decompress() throws IOException {
        output.clear();
        try {
            betweenFrames = context.decompressDirectByteBufferStream(output, input);
        } catch (ZstdException e) {
            throw new IOException("zstd: %s".formatted(e.getMessage()), e);
        }
        outputPending = !output.hasRemaining() && !betweenFrames;
        output.flip();
    }

    private boolean refill() throws IOException {
        byte[] piece = workspace.piece();
        int count = stored.read(piece, 0, piece.length);
        if (count <= 0) {
            return false;
        }
        input.clear().put(piece, 0, count).flip();
        return true;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            FREE.add(workspace);
        }
        stored.close();
    }
}
