package dev.undocker.output.tar;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.output.OutputRequest;

import org.jspecify.annotations.Nullable;

/// How a tar is compressed: options.
public final class CompressionOptions {
    private @Nullable String compress;
    private @Nullable Integer level;

    /// Adds the options.
    public void declare(Options options) {
        options.text(
                "--compress",
                "KIND",
                "none, gzip, xz or zstd; by default OUT's suffix decides:"
                        + " .tar.gz, .tgz, .tar.xz, .txz, .tar.zst",
                kind -> compress = kind);
        options.number(
                "--level",
                "N",
                "compression level; by default 6 for gzip and xz, 3 for zstd",
                number -> level = number);
    }

    /// What was asked for, or else what the suffix of `destination` says.
    ///
    /// @throws UndockerException when there is no such kind, or a level without compression
    public Compression of(String destination) {
        if (compress != null) {
            return Compression.parse(compress);
        }
        Compression bySuffix = Compression.ofSuffix(destination);
        if (bySuffix == null && level != null) {
            throw UndockerException.usage("--level: there is no compression")
                    .withHint("add --compress");
        }
        return bySuffix == null ? Compression.NONE : bySuffix;
    }

    /// How the tar of all that `request` asks for is compressed.
    public Encoding encoding(OutputRequest request) {
        return TarOutput.encoding(of(request.destination()), level, request);
    }

    /// True when the kind is said, so that no suffix counts.
    public boolean isGiven() {
        return compress != null;
    }

    /// Null for the format's usual one.
    public @Nullable Integer level() {
        return level;
    }
}
