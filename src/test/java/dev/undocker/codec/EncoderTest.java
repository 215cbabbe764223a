package dev.undocker.codec;

import static dev.undocker.codec.Samples.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;

@Timeout(120)
class EncoderTest {
    private static final int GZIP_BLOCK = 512 * 1024;
    private static final int XZ_LEVEL_0_BLOCK = 1024 * 1024;

    private static @Nullable Integer fastest(Compression compression) {
        return switch (compression) {
            case NONE, BZIP2 -> null; // there is none
            case GZIP, ZSTD -> 1;
            case XZ -> 0;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, cat",
        "GZIP, gzip -dc",
        "GZIP, pigz -dc",
        "GZIP, busybox gzip -dc",
        "ZSTD, zstd -qdc",
        "XZ, xz -dc",
        "XZ, busybox xz -dc",
    })
    void toolsDecodeIt(Compression compression, String command) throws Exception {
        byte[] data = Samples.mixed(1, 3_300_000);
        for (byte[] some : new byte[][] {data, {}, {1}}) {
            byte[] stored = encode(compression, some, fastest(compression), 2);
            assertThat(Filter.run(stored, command.split(" "))).isEqualTo(some);
        }
    }

    @ParameterizedTest
    @CsvSource({"GZIP, gzip -t", "GZIP, pigz -t", "ZSTD, zstd -qt", "XZ, xz -t"})
    void toolsAcceptEveryLevel(Compression compression, String command) throws Exception {
        byte[] data = Samples.mixed(2, 150_000);
        for (int level = fastest(compression); level <= 9; level++) {
            byte[] stored = encode(compression, data, level, 1);
            Filter.run(stored, command.split(" "));
            assertThat(Samples.decode(compression, stored)).as("level %d", level).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "BZIP2", mode = Mode.EXCLUDE)
    void theNumberOfThreadsAndTheSizesOfWritesDoNotShow(Compression compression) throws Exception {
        byte[] data = Samples.mixed(3, 5_000_000);
        byte[] expected = encode(compression, data, fastest(compression), 1);
        for (int threads : new int[] {1, 2, 4, 7}) {
            Random random = new Random(threads);
            ByteArrayOutputStream stored = new ByteArrayOutputStream();
            try (Encoder encoder =
                    new Encoding(compression, fastest(compression), threads, 0)
                            .open(stored, count -> {})) {
                int position = 0;
                while (position < data.length) {
                    int bound = random.nextInt(20) == 0 ? 2_000_000 : 10_000;
                    int count = Math.min(data.length - position, random.nextInt(bound));
                    encoder.write(data, position, count);
                    position += count;
                    encoder.flush();
                    if (position < data.length) {
                        encoder.write(data[position++]);
                    }
                }
            }
            assertThat(stored.toByteArray()).as("%d threads", threads).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"GZIP, " + GZIP_BLOCK, "XZ, " + XZ_LEVEL_0_BLOCK, "ZSTD, 262144"})
    void sizesAroundTheBordersOfBlocks(Compression compression, int block) throws Exception {
        byte[] data = Samples.mixed(4, 2 * block + 1);
        for (int size :
                new int[] {
                    0, 1, block - 1, block, block + 1, 2 * block - 1, 2 * block, 2 * block + 1
                }) {
            byte[] some = Arrays.copyOf(data, size);
            byte[] stored = encode(compression, some, fastest(compression), 2);
            assertThat(Samples.decode(compression, stored)).as("%d bytes", size).isEqualTo(some);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void whatWasWrittenIsReadBack(long seed) throws Exception {
        Random random = new Random(seed);
        byte[] data = Samples.mixed(seed, random.nextInt(4_000_000));
        for (Compression compression :
                new Compression[] {
                    Compression.NONE, Compression.GZIP, Compression.ZSTD, Compression.XZ
                }) {
            byte[] stored = encode(compression, data, fastest(compression), random.nextInt(1, 5));
            assertThat(Samples.decode(compression, stored)).isEqualTo(data);
        }
    }

    @Test
    void xzBlocksSayBothSizes() throws Exception {
        String list = xzList(encode(Compression.XZ, Samples.mixed(5, 3 * XZ_LEVEL_0_BLOCK), 0, 2));
        assertThat(list.lines().filter(line -> line.startsWith("block")))
                .hasSize(3)
                .allMatch(line -> line.contains("\tcu\t"))
                .allMatch(line -> line.contains("\tCRC64\t"));
        assertThat(list.lines().filter(line -> line.startsWith("summary")))
                .allMatch(line -> line.contains("\tyes\t"));
    }

    @ParameterizedTest
    @CsvSource({
        // within one usual block, which is three dictionaries of 1 MiB
        "3_145_728, 3145728",
        // a quarter of what is left, but not less than 1 MiB
        "6_291_456, 1572864 1179648 1048576 1048576 1048576 393216",
        // the usual block at most
        "16_777_216, 3145728 3145728 2621440 1966080 1474560 1105920 1048576 1048576 1048576 172032"
    })
    void xzBlocksShrinkTowardsAnEndThatIsKnown(String length, String sizes) throws Exception {
        int expected = Integer.parseInt(length.replace("_", ""));
        assertThat(xzBlocks(expected, expected)).isEqualTo(sizes);
    }

    @Test
    void xzBlocksAreTheUsualOnesPastAnEndThatWasExpectedTooEarly() throws Exception {
        assertThat(xzBlocks(6_291_456, 12_582_912))
                .isEqualTo("1572864 1179648 1048576 1048576 1048576 1048576 3145728 2490368");
    }

    /// The sizes of the blocks of data, at a level whose dictionary is 1 MiB.
    private static String xzBlocks(long expectedSize, int length) throws Exception {
        byte[] data = new byte[length];
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (Encoder encoder =
                new Encoding(Compression.XZ, 1, 2, expectedSize).open(stored, count -> {})) {
            encoder.write(data);
        }
        assertThat(Samples.decode(Compression.XZ, stored.toByteArray())).isEqualTo(data);
        return xzList(stored.toByteArray())
                .lines()
                .filter(line -> line.startsWith("block"))
                .map(line -> line.split("\t")[7])
                .collect(Collectors.joining(" "));
    }

    private static String xzList(byte[] stored) throws Exception {
        // xz --list wants a file
        Path file = Files.createTempFile("blocks", ".xz");
        try {
            Files.write(file, stored);
            return new String(
                    Filter.run(new byte[0], "xz", "--robot", "-lvv", file.toString()),
                    StandardCharsets.UTF_8);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void gzipIsOneMemberWithoutTimeOrName() throws Exception {
        byte[] stored = encode(Compression.GZIP, Samples.mixed(6, 2_000_000), null, 2);
        assertThat(Arrays.copyOf(stored, 10))
                .isEqualTo(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3});
        byte[] pigz = Filter.run(Samples.mixed(6, 2_000_000), "pigz", "-nc");
        assertThat(stored.length).isLessThan(pigz.length * 101 / 100);
    }

    @ParameterizedTest
    @EnumSource(names = "BZIP2", mode = Mode.EXCLUDE)
    void closingClosesTheOtherStreamOnce(Compression compression) throws Exception {
        Sink sink = new Sink(Long.MAX_VALUE);
        Encoder encoder = new Encoding(compression, null, 2, 0).open(sink, count -> {});
        encoder.close();
        long written = sink.written;
        encoder.close();
        encoder.abort();
        assertThat(sink.closed).isTrue();
        assertThat(sink.written).isEqualTo(written);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD", "XZ"})
    void whatIsAbandonedNeverLooksComplete(Compression compression) throws Exception {
        for (int size : new int[] {0, 1000, 3_000_000}) {
            ByteArrayOutputStream stored = new ByteArrayOutputStream();
            Encoder encoder =
                    new Encoding(compression, fastest(compression), 2, 0).open(stored, count -> {});
            encoder.write(Samples.mixed(7, size));
            encoder.abort();
            encoder.abort();
            encoder.close();
            assertThatThrownBy(() -> Samples.decode(compression, stored.toByteArray()))
                    .isInstanceOf(IOException.class);
        }
        assertThreadsEnd(compression);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD", "XZ"})
    void aFullDiskFailsAndEndsTheThreads(Compression compression) throws Exception {
        byte[] data = new byte[4_000_000];
        new Random(8).nextBytes(data);
        for (long room : new long[] {100, 1_000_000, 3_900_000}) {
            Sink sink = new Sink(room);
            assertThatThrownBy(
                            () -> {
                                try (Encoder encoder =
                                        new Encoding(compression, fastest(compression), 2, 0)
                                                .open(sink, count -> {})) {
                                    encoder.write(data);
                                }
                            })
                    .isInstanceOf(IOException.class)
                    .hasMessage("no space");
            assertThat(sink.closed).isTrue();
        }
        assertThreadsEnd(compression);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD", "XZ"})
    void refusesBytesAfterTheEnd(Compression compression) throws Exception {
        Encoder encoder =
                new Encoding(compression, null, 1, 0)
                        .open(OutputStream.nullOutputStream(), count -> {});
        encoder.close();
        assertThatThrownBy(() -> encoder.write(1)).isInstanceOf(IOException.class);
    }

    @Test
    void anInterruptedWriterStops() throws Exception {
        Sink sink = new Sink(Long.MAX_VALUE);
        Encoder encoder = new Encoding(Compression.XZ, 0, 1, 0).open(sink, count -> {});
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> encoder.write(Samples.mixed(9, 10 << 20)))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        encoder.close();
        assertThat(sink.closed).isTrue();
        assertThreadsEnd(Compression.XZ);
    }

    @Test
    void aFailingWorkerFailsTheWriter() throws Exception {
        BlockFormat failing = new FailingFormat();
        Sink sink = new Sink(Long.MAX_VALUE);
        assertThatThrownBy(
                        () -> {
                            try (Encoder encoder =
                                    new BlockEncoder(sink, failing, 2, count -> {})) {
                                encoder.write(new byte[1000]);
                            }
                        })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("failing: ")
                .hasMessageContaining("worker on fire");
        assertThat(sink.written).isZero();
        assertThat(sink.closed).isTrue();
    }

    @Test
    void bzip2IsNotWritten() {
        assertThatThrownBy(() ->
                        new Encoding(Compression.BZIP2, null, 1, 0)
                                .open(OutputStream.nullOutputStream(), count -> {}))
                .isInstanceOf(UndockerException.class);
    }

    @Test
    void levelsOutOfRangeAreRefused() {
        assertThatThrownBy(() ->
                        new Encoding(Compression.XZ, 10, 1, 0)
                                .open(OutputStream.nullOutputStream(), count -> {}))
                .isInstanceOf(UndockerException.class);
    }

    private static void assertThreadsEnd(Compression compression) throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith(compression + "-")) {
                assertThat(thread.isDaemon()).isTrue();
                assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
            }
        }
    }

    /// A disk with so much room.
    private static final class Sink extends OutputStream {
        private final long room;
        long written;
        boolean closed;

        Sink(long room) {
            this.room = room;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[1], 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (written + length > room) {
                throw new IOException("no space");
            }
            written += length;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class FailingFormat implements BlockFormat {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public int nextBlockSize() {
            return 10;
        }

        @Override
        public int history() {
            return 0;
        }

        @Override
        public long memoryPerThread() {
            return 1;
        }

        @Override
        public Codec newCodec() {
            throw new IllegalStateException("worker on fire");
        }

        @Override
        public void begin(OutputStream out) {}

        @Override
        public void taken(Block block) {}

        @Override
        public void write(Block block, OutputStream out) {}

        @Override
        public void end(OutputStream out) {}
    }
}
