package dev.undocker.codec;

import static dev.undocker.codec.Samples.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;

class DecoderTest {
    private static final byte[] FIRST = Samples.mixed(1, 700);
    private static final byte[] SECOND = Samples.mixed(2, 900);
    private static final byte[] SKIPPABLE = HexFormat.of().parseHex("5a2a4d1803000000616263");

    /// The smallest file of a compression that holds this.
    private static byte[] packed(Decoder decoder, byte[] data)
            throws IOException, InterruptedException {
        return switch (decoder) {
            case NONE -> data;
            case GZIP, GZIP_OF_LIBRARY -> Filter.run(data, "gzip", "-c");
            case ZSTD -> Filter.run(data, "zstd", "-q", "-c", "--check");
            case XZ -> Filter.run(data, "xz", "-0", "-c");
            case BZIP2 -> Filter.run(data, "bzip2", "-1", "-c");
        };
    }

    @ParameterizedTest
    @CsvSource({
        "GZIP, gzip -1",
        "GZIP, gzip -9",
        "GZIP, pigz -p 3 -b 128",
        "GZIP, pigz -p 3 -i",
        "GZIP, pigz -0",
        "GZIP, busybox gzip",
        "GZIP_OF_LIBRARY, gzip -1",
        "GZIP_OF_LIBRARY, gzip -9",
        "GZIP_OF_LIBRARY, pigz -p 3 -b 128",
        "GZIP_OF_LIBRARY, pigz -p 3 -i",
        "GZIP_OF_LIBRARY, pigz -0",
        "GZIP_OF_LIBRARY, busybox gzip",
        "ZSTD, zstd -q -1",
        "ZSTD, zstd -q -19 --long=27",
        "ZSTD, zstd -q -T3 --no-check",
        "XZ, xz -0",
        "XZ, xz -T3 -1 --block-size=100KiB",
        "XZ, xz -1 --check=crc32",
        "XZ, xz -1 --check=sha256",
        "XZ, xz -1 --check=none",
        "XZ, xz --x86 --lzma2=preset=9",
        "BZIP2, bzip2 -1",
        "BZIP2, bzip2 -9",
    })
    void decodesWhatToolsWrite(Decoder decoder, String command) throws Exception {
        byte[] data = Samples.mixed(3, 1_500_000);
        byte[] stored = Filter.run(data, (command + " -c").split(" "));
        assertThat(Compression.sniff(stored, 6)).isEqualTo(decoder.compression());
        assertThat(decoder.decode(stored)).isEqualTo(data);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void decodesNothingAndAllParts(Decoder decoder) throws Exception {
        byte[] empty = packed(decoder, new byte[0]);
        byte[] first = packed(decoder, FIRST);
        byte[] second = packed(decoder, SECOND);
        assertThat(Compression.sniff(empty, 6)).isEqualTo(decoder.compression());
        assertThat(decoder.decode(empty)).isEmpty();
        assertThat(decoder.decode(join(first, empty, second, empty)))
                .isEqualTo(join(FIRST, SECOND));
    }

    @ParameterizedTest
    @EnumSource
    void doesNotDependOnTheSizesOfReads(Decoder decoder) throws Exception {
        byte[] one = Samples.mixed(4, 200_000);
        byte[] stored = join(packed(decoder, one), packed(decoder, SECOND));
        Random random = new Random(5);
        InputStream trickle =
                new ByteArrayInputStream(stored) {
                    @Override
                    public synchronized int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(length, random.nextInt(1, 40)));
                    }
                };
        byte[] data = new byte[one.length + SECOND.length];
        int position = 0;
        try (InputStream in = decoder.open(trickle)) {
            assertThat(in.read(data, 0, 0)).isZero();
            while (position < data.length) {
                if (random.nextInt(4) == 0) {
                    data[position++] = (byte) in.read();
                } else {
                    int wanted = Math.min(data.length - position, random.nextInt(1, 5000));
                    position += in.read(data, position, wanted);
                }
            }
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(data, 0, 1)).isEqualTo(-1);
        }
        assertThat(data).isEqualTo(join(one, SECOND));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void aFileCutShortAnywhereFails(Decoder decoder) throws Exception {
        byte[] first = packed(decoder, FIRST);
        byte[] stored = join(first, packed(decoder, SECOND));
        for (int length = 0; length < stored.length; length++) {
            byte[] cut = Arrays.copyOf(stored, length);
            if (length == first.length) {
                assertThat(decoder.decode(cut)).isEqualTo(FIRST);
            } else {
                assertThatThrownBy(() -> decoder.decode(cut))
                        .as("%d of %d bytes", length, stored.length)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith(decoder + ": ");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void aChangedBitNeverChangesTheData(Decoder decoder) throws Exception {
        byte[] stored = join(packed(decoder, FIRST), packed(decoder, SECOND));
        int refused = 0;
        for (int bit = 0; bit < stored.length * 8; bit++) {
            byte[] changed = stored.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                // times and hints in headers don't matter
                assertThat(decoder.decode(changed))
                        .as("bit %d of byte %d", bit % 8, bit / 8)
                        .isEqualTo(join(FIRST, SECOND));
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith(decoder + ": ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(stored.length * 8 * 8 / 10);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
    void garbageAfterTheEndFails(Decoder decoder) throws Exception {
        byte[] stored = packed(decoder, FIRST);
        for (byte[] garbage :
                new byte[][] {{'x'}, "garbage".getBytes(US_ASCII), {0, 0, 0, 0, 'x'}}) {
            assertThatThrownBy(() -> decoder.decode(join(stored, garbage)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(decoder + ": ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "GZIP_OF_LIBRARY", "XZ"})
    void zerosAfterTheEndArePadding(Decoder decoder) throws Exception {
        byte[] stored = join(packed(decoder, FIRST), new byte[300_000]);
        assertThat(decoder.decode(stored)).isEqualTo(FIRST);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "GZIP_OF_LIBRARY"})
    void decodesGzipHeadersWithEverything(Decoder decoder) throws Exception {
        byte[] plain = packed(decoder, FIRST);
        byte[] header = HexFormat.of().parseHex("1f8b081f000000000003" + "0300616263");
        byte[] text = join(header, "name\0".getBytes(US_ASCII), "comment\0".getBytes(US_ASCII));
        CRC32 crc = new CRC32();
        crc.update(text);
        byte[] check = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        byte[] body = Arrays.copyOfRange(plain, 10, plain.length);
        assertThat(decoder.decode(join(text, check, body))).isEqualTo(FIRST);
        check[0]++;
        assertThatThrownBy(() -> decoder.decode(join(text, check, body)))
                .hasMessage("gzip: wrong header checksum");
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "GZIP_OF_LIBRARY"})
    void saysWhatIsWrongWithGzip(Decoder decoder) throws Exception {
        byte[] stored = packed(decoder, FIRST);
        byte[] checksum = stored.clone();
        checksum[stored.length - 8]++;
        assertThatThrownBy(() -> decoder.decode(checksum)).hasMessage("gzip: wrong checksum");
        byte[] length = stored.clone();
        length[stored.length - 1]++;
        assertThatThrownBy(() -> decoder.decode(length)).hasMessage("gzip: wrong length");
        assertThatThrownBy(() -> decoder.decode(new byte[0]))
                .hasMessage("gzip: data ends too early");
    }

    @Test
    void skipsSkippableZstdFrames() throws Exception {
        byte[] first = packed(Decoder.ZSTD, FIRST);
        byte[] second = packed(Decoder.ZSTD, SECOND);
        byte[] stored = join(SKIPPABLE, first, SKIPPABLE, SKIPPABLE, second, SKIPPABLE);
        assertThat(Compression.sniff(stored, 6)).isEqualTo(Compression.ZSTD);
        assertThat(Decoder.ZSTD.decode(stored)).isEqualTo(join(FIRST, SECOND));
        byte[] cut = Arrays.copyOf(stored, stored.length - 1);
        assertThatThrownBy(() -> Decoder.ZSTD.decode(cut)).hasMessage("zstd: data ends too early");
    }

    @Test
    void refusesAnXzDictionaryThatNeedsTooMuchMemory() throws Exception {
        byte[] stored = Filter.run(FIRST, "xz", "-c", "--lzma2=dict=512MiB,mf=hc3,mode=fast");
        assertThatThrownBy(() -> Decoder.XZ.decode(stored))
                .isInstanceOf(IOException.class)
                .hasMessage("xz: a dictionary of more than 192 MiB is not supported");
    }

    @ParameterizedTest
    @EnumSource
    void failuresOfTheStoredStreamStayAsTheyAre(Decoder decoder) throws Exception {
        byte[] stored = packed(decoder, Samples.mixed(6, 400_000));
        InputStream failing =
                new SequenceInputStream(
                        new ByteArrayInputStream(stored, 0, stored.length / 2),
                        new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new IOException("disk on fire");
                            }
                        });
        assertThatThrownBy(
                        () -> {
                            try (InputStream in = decoder.open(failing)) {
                                in.readAllBytes();
                            }
                        })
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("disk on fire");
    }

    @ParameterizedTest
    @EnumSource
    void closesTheStoredStream(Decoder decoder) throws Exception {
        boolean[] closed = new boolean[1];
        InputStream stored =
                new ByteArrayInputStream(packed(decoder, FIRST)) {
                    @Override
                    public void close() {
                        closed[0] = true;
                    }
                };
        InputStream in = decoder.open(stored);
        in.close();
        in.close();
        assertThat(closed[0]).isTrue();
    }
}
