package dev.undocker.output.tar;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.output.OutputRequest;

import org.jspecify.annotations.Nullable;

/// How an archive is compressed: options.
public final class CompressionOptions {
    private final PackedNames names;
    private @Nullable String compress;
    private @Nullable Integer level;

    /// For a tar.
    public CompressionOptions() {
        this(PackedNames.TAR);
    }

    /// @param names of what is compressed
    public CompressionOptions(PackedNames names) {
        this.names = names;
    }

    /// Adds the options.
    public void declare(Options options) {
        options.text(
                "--compress",
                "none|gzip|xz|zstd",
                "by default OUT's suffix decides: " + names.suffixes(),
                kind -> compress = kind);
        options.number(
                "--level",
                "N",
                "compression level; by default 6 for gzip and xz, 3 for zstd",
                number -> level = number);
    }

    /// What was asked for, or else what the suffix of `destination` says. A name that promises
    /// another format than is written is refused.
    ///
    /// @throws UndockerException when there is no such kind, a level without compression, or the
    ///   name is that of something else
    public Compression of(String destination) {
        Compression bySuffix = names.compression(destination);
        if (compress != null) {
            Compression chosen = Compression.parse(compress);
            if (bySuffix != null && bySuffix != Compression.NONE && bySuffix != chosen) {
                throw UndockerException.usage(
                                "--compress %s: %s is a name for %s"
                                        .formatted(chosen, destination, bySuffix))
                        .withHint("choose another name, or leave out --compress");
            }
            return chosen;
        }
        if (bySuffix == null) {
            names.refuseOther(destination);
            if (level != null) {
                throw UndockerException.usage("--level: there is no compression")
                        .withHint("add --compress");
            }
            return Compression.NONE;
        }
        return bySuffix;
    }

    /// How the archive of all that `request` asks for is compressed.
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
