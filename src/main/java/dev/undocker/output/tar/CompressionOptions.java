package dev.undocker.output.tar;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.output.OutputRequest;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/// How a tar is compressed; a picocli mixin.
public final class CompressionOptions {
    @Option(
            names = "--compress",
            paramLabel = "KIND",
            description =
                    "none, gzip, xz or zstd; by default OUT's suffix decides:"
                            + " .tar.gz, .tgz, .tar.xz, .txz, .tar.zst")
    private @Nullable String compress;

    @Option(
            names = "--level",
            paramLabel = "N",
            description = "compression level; by default 6 for gzip and xz, 3 for zstd")
    private @Nullable Integer level;

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
