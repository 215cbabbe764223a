package dev.undocker.codec;

import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.FinishableOutputStream;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.UnsupportedOptionsException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;

/// One xz stream (The .xz File Format 1.2.1) of blocks whose headers say both sizes, like those of
/// `xz -T0`, so that xz(1) can decode them in parallel.
///
/// The library cannot write the sizes, which come before the data; so it makes the LZMA2 data, and
/// the little around it is written here.
final class XzFormat implements BlockFormat {
    private static final byte[] MAGIC = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};
    private static final byte[] FOOTER_MAGIC = {'Y', 'Z'};

    /// Room for its size, flags, two sizes below 2^35, the filter and CRC32.
    private static final int BLOCK_HEADER = 20;

    private static final int BOTH_SIZES = 0xc0;
    private static final int LZMA2 = 0x21;
    private static final int SMALLEST_BLOCK = 1 << 20;
    private static final int SLICE = 1 << 16;

    private final LZMA2Options options;
    private final XzCheck check;
    private final int usualBlock;
    private long expected;
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private long blocks;

    /// @param expectedSize of the data, 0 when nobody knows
    XzFormat(int level, long expectedSize, XzCheck check) throws UnsupportedOptionsException {
        options = new LZMA2Options(level);
        this.check = check;
        usualBlock = Math.max(3 * options.getDictSize(), SMALLEST_BLOCK);
        expected = expectedSize > usualBlock ? expectedSize : 0;
    }

    /// The usual block is as large as xz(1) makes it. Towards the end of data that needs several
    /// they shrink, so that the last do not keep one core busy for long while the others have
    /// nothing left to do; on two cores that saves 7 % of the time for 0.2 % of the size.
    @Override
    public int nextBlockSize() {
        if (expected <= 0) {
            return usualBlock;
        }
        int smallest = Math.max(usualBlock / 4, SMALLEST_BLOCK);
        int size = (int) Math.clamp(Math.ceilDiv(expected, 4), smallest, usualBlock);
        expected -= size;
        return size;
    }

    @Override
    public String name() {
        return "xz";
    }

    @Override
    public int history() {
        return 0;
    }

    @Override
    public long memoryPerThread() {
        return options.getEncoderMemoryUsage() * 1024L + 2L * usualBlock;
    }

    @Override
    public Codec newCodec() {
        return new Lzma2Codec(options, check);
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        out.write(MAGIC);
        out.write(check.streamFlags());
        out.write(crc32(check.streamFlags()));
    }

    @Override
    public void taken(Block block) {}

    @Override
    public void write(Block block, OutputStream out) throws IOException {
        if (block.length == 0) {
            return;
        }
        int compressed = block.output.size();
        ByteArrayOutputStream header = new ByteArrayOutputStream(BLOCK_HEADER);
        header.write(BLOCK_HEADER / 4 - 1);
        header.write(BOTH_SIZES);
        writeNumber(header, compressed);
        writeNumber(header, block.length);
        header.write(LZMA2);
        header.write(1);
        header.write(dictionary());
        while (header.size() < BLOCK_HEADER - 4) {
            header.write(0);
        }
        header.write(crc32(header.toByteArray()));
        header.writeTo(out);

        block.output.writeTo(out);
        out.write(new byte[-compressed & 3]);
        out.write(littleEndian(Long.BYTES).putLong(block.check).array(), 0, check.size());

        writeNumber(records, BLOCK_HEADER + compressed + check.size());
        writeNumber(records, block.length);
        blocks++;
    }

    @Override
    public void end(OutputStream out) throws IOException {
        ByteArrayOutputStream index = new ByteArrayOutputStream();
        index.write(0);
        writeNumber(index, blocks);
        records.writeTo(index);
        index.write(new byte[-index.size() & 3]);
        index.write(crc32(index.toByteArray()));
        index.writeTo(out);

        byte[] sizeAndFlags =
                littleEndian(6).putInt(index.size() / 4 - 1).put(check.streamFlags()).array();
        out.write(crc32(sizeAndFlags));
        out.write(sizeAndFlags);
        out.write(FOOTER_MAGIC);
    }

    /// The preset dictionaries are powers of two, two steps apart (section 5.3.1).
    private int dictionary() {
        return 2 * (Integer.numberOfTrailingZeros(options.getDictSize()) - 12);
    }

    /// Section 1.2: seven bits a byte, lowest first.
    private static void writeNumber(ByteArrayOutputStream out, long number) {
        long left = number;
        while (left >= 0x80) {
            out.write((int) (left | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }

    private static byte[] crc32(byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(data);
        return littleEndian(4).putInt((int) crc.getValue()).array();
    }

    static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static final class Lzma2Codec implements Codec {
        private final LZMA2Options options;
        private final XzCheck check;
        private final ArrayCache arrays = new BasicArrayCache();

        Lzma2Codec(LZMA2Options options, XzCheck check) {
            this.options = options;
            this.check = check;
        }

        @Override
        public void encode(Block block, LongConsumer encoded) throws IOException {
            if (block.length == 0) {
                return;
            }
            block.check = check.of(block.input, block.start, block.length);

            FinishableOutputStream lzma2 =
                    options.getOutputStream(
                            new FinishableWrapperOutputStream(block.output), arrays);
            for (int done = 0; done < block.length; done += SLICE) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted");
                }
                int count = Math.min(SLICE, block.length - done);
                lzma2.write(block.input, block.start + done, count);
                encoded.accept(count);
            }
            lzma2.finish();
        }

        @Override
        public void close() {}
    }
}
