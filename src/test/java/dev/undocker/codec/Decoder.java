package dev.undocker.codec;

import dev.undocker.testing.Requirements;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// All decoders there are: of gzip there are two, which must do the same.
enum Decoder {
    NONE(Compression.NONE),
    GZIP(Compression.GZIP),
    GZIP_OF_LIBRARY(Compression.GZIP),
    ZSTD(Compression.ZSTD),
    XZ(Compression.XZ),
    BZIP2(Compression.BZIP2);

    private final Compression compression;

    Decoder(Compression compression) {
        this.compression = compression;
    }

    Compression compression() {
        return compression;
    }

    InputStream open(InputStream stored) throws IOException {
        return switch (this) {
            case GZIP -> new GzipDecoder(stored, new JavaDeflateDecoder());
            case GZIP_OF_LIBRARY -> new GzipDecoder(stored, library().decoder());
            default -> compression.decode(stored, 0);
        };
    }

    static Isal library() {
        Requirements.library("libisal.so.2");
        return Objects.requireNonNull(Isal.installed(), "the library is not as expected");
    }

    byte[] decode(byte[] stored) throws IOException {
        try (InputStream in = open(new ByteArrayInputStream(stored))) {
            return in.readAllBytes();
        }
    }

    /// What the messages begin with.
    @Override
    public String toString() {
        return compression.toString();
    }
}
