package dev.undocker.codec;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/// How a stream is to be compressed. Immutable.
///
/// @param level null for the format's usual one: gzip 6, xz 6, zstd 3
/// @param threads how many may compress at once, at least 1; fewer do where memory is short
/// @param expectedSize about how many bytes will come, so that they can be cut into even blocks; 0
///   when nobody knows
/// @param xzCheck of an xz stream's content
public record Encoding(
        Compression compression,
        @Nullable Integer level,
        int threads,
        long expectedSize,
        XzCheck xzCheck) {
    /// With the usual check.
    public Encoding(
            Compression compression, @Nullable Integer level, int threads, long expectedSize) {
        this(compression, level, threads, expectedSize, XzCheck.CRC64);
    }

    /// The same with another check, should it be xz.
    public Encoding with(XzCheck check) {
        return new Encoding(compression, level, threads, expectedSize, check);
    }

    /// A small stream, compressed as usual.
    public static Encoding ofSmall(Compression compression) {
        return new Encoding(compression, null, 1, 0);
    }

    /// A stream that compresses into `out`. What it writes depends on the bytes, the compression,
    /// the level and the expected size alone: not on the number of threads, the sizes of the
    /// writes, or the time.
    ///
    /// @param encoded is told how many more of the bytes that come are compressed, by whichever
    ///   thread does it and not in order; together all of them
    /// @throws UndockerException if the level is out of range
    public Encoder open(OutputStream out, LongConsumer encoded) throws IOException {
        compression.checkLevel(level);
        return switch (compression) {
            case NONE -> new PlainEncoder(out, encoded);
            case GZIP ->
                    new BlockEncoder(
                            out, new GzipFormat(level == null ? 6 : level), threads, encoded);
            case ZSTD -> new ZstdEncoder(out, level == null ? 3 : level, threads, encoded);
            case XZ ->
                    new BlockEncoder(
                            out,
                            new XzFormat(level == null ? 6 : level, expectedSize, xzCheck),
                            threads,
                            encoded);
            case BZIP2 -> throw new UndockerException("bzip2: can be read, but not written");
        };
    }
}
