package dev.undocker.codec;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;

/// Data to pack, and what the tests do with it.
final class Samples {
    private Samples() {}

    /// Words, noise and zeros by turns, the same for the same seed.
    static byte[] mixed(long seed, int length) {
        Random random = new Random(seed);
        byte[] data = new byte[length];
        int position = 0;
        while (position < length) {
            int end = Math.min(length, position + 1 + random.nextInt(1 << 14));
            int kind = random.nextInt(4);
            for (; position < end && kind != 0; position++) {
                data[position] =
                        (byte)
                                (kind == 1
                                        ? random.nextInt()
                                        : "etaoin shrdlu\n".charAt(random.nextInt(14)));
            }
            position = end;
        }
        return data;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] decode(Compression compression, byte[] stored) throws IOException {
        try (InputStream in = compression.decode(new ByteArrayInputStream(stored), 0)) {
            return in.readAllBytes();
        }
    }

    static byte[] encode(Compression compression, byte[] data, @Nullable Integer level, int threads)
            throws IOException {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (Encoder encoder =
                new Encoding(compression, level, threads, 0).open(stored, count -> {})) {
            encoder.write(data);
        }
        return stored.toByteArray();
    }
}
