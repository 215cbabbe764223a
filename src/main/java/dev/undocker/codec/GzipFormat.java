package dev.undocker.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// One gzip member (RFC 1952) of deflate blocks that are made independently, as pigz(1) does: each
/// begins with the 32 KiB before it as dictionary, and all but the last end at a byte's border.
final class GzipFormat implements BlockFormat {
    private static final int WINDOW = 32 * 1024;
    private static final int BLOCK = 512 * 1024;
    private static final byte FASTEST = 4;
    private static final byte BEST = 2;
    private static final byte UNIX = 3;

    private final int level;
    private final CRC32 crc = new CRC32();
    private long length;

    GzipFormat(int level) {
        this.level = level;
    }

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public int nextBlockSize() {
        return BLOCK;
    }

    @Override
    public int history() {
        return WINDOW;
    }

    @Override
    public long memoryPerThread() {
        return 4 * BLOCK;
    }

    @Override
    public Codec newCodec() {
        return new DeflateCodec(level);
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        byte hint = level == 1 ? FASTEST : level == 9 ? BEST : 0;
        // no flags, no time
        out.write(new byte[] {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, hint, UNIX});
    }

    @Override
    public void taken(Block block) {
        crc.update(block.input, block.start, block.length);
        length += block.length;
    }

    @Override
    public void write(Block block, OutputStream out) throws IOException {
        block.output.writeTo(out);
    }

    @Override
    public void end(OutputStream out) throws IOException {
        out.write(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) crc.getValue())
                        .putInt((int) length)
                        .array());
    }

    private static final class DeflateCodec implements Codec {
        private final Deflater deflater;
        private final byte[] piece = new byte[BLOCK];

        DeflateCodec(int level) {
            deflater = new Deflater(level, true);
        }

        @Override
        public void encode(Block block, LongConsumer encoded) {
            deflater.reset();
            deflater.setDictionary(block.input, block.start - block.history, block.history);
            deflater.setInput(block.input, block.start, block.length);
            if (block.last) {
                deflater.finish();
            }
            int flush = block.last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
            int count;
            do {
                count = deflater.deflate(piece, 0, piece.length, flush);
                block.output.write(piece, 0, count);
            } while (count == piece.length);
            encoded.accept(block.length);
        }

        @Override
        public void close() {
            deflater.end();
        }
    }
}
