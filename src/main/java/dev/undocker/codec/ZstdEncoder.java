package dev.undocker.codec;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/// One zstd frame with a checksum, made by the library's own threads.
///
/// The library is always told to use threads: without any it makes other bytes than with one. It
/// gets its input in pieces of one size, because it also decides by the first piece.
final class ZstdEncoder extends Encoder {
    private static final int BUFFER = 256 * 1024;

    private final OutputStream out;
    private final ZstdCompressCtx context = ZstdLibrary.compressing();
    private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer output = ByteBuffer.allocateDirect(BUFFER);
    private final byte[] piece = new byte[BUFFER];
    private final LongConsumer encoded;
    private long told;
    private boolean stopped;
    private boolean closed;

    ZstdEncoder(OutputStream out, int level, int threads, LongConsumer encoded) {
        this.out = out;
        this.encoded = encoded;
        context.setLevel(level).setChecksum(true).setWorkers(Math.max(1, threads));
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        if (stopped) {
            throw new IOException("zstd: stream is closed");
        }
        while (source.hasRemaining()) {
            if (!input.hasRemaining()) {
                compress(EndDirective.CONTINUE);
            }
            int count = Math.min(source.remaining(), input.remaining());
            input.put(source.slice(source.position(), count));
            source.position(source.position() + count);
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            if (!stopped) {
                compress(EndDirective.END);
            }
        } finally {
            abort();
        }
    }

    @Override
    public void abort() {
        stopped = true;
        context.close();
    }

    /// The library's threads are behind with what they were given, at high levels for long.
    private void tell() {
        long consumed = context.getFrameProgression().getConsumed();
        encoded.accept(consumed - told);
        told = consumed;
    }

    private void compress(EndDirective end) throws IOException {
        boolean done = false;
        try {
            input.flip();
            boolean complete;
            do {
                output.clear();
                complete = context.compressDirectByteBufferStream(output, input, end);
                output.flip();
                int count = output.remaining();
                output.get(piece, 0, count);
                out.write(piece, 0, count);
                tell();
            } while (end == EndDirective.END ? !complete : input.hasRemaining());
            input.clear();
            done = true;
        } catch (ZstdException e) {
            throw new IOException("zstd: %s".formatted(e.getMessage()), e);
        } finally {
            if (!done) {
                abort();
            }
        }
    }
}
