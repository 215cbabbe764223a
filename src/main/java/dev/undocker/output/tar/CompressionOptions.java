package dev.undocker.output.tar;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.output.OutputRequest;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Set;

/// How a tar is compressed: options.
public final class CompressionOptions {
    /// Suffixes of archives, packed files and file systems that nobody would expect a raw tar in.
    private static final Set<String> OTHER_FORMATS =
            Set.of(
                    "7z",
                    "br",
                    "bz",
                    "bz2",
                    "cab",
                    "cpio",
                    "dmg",
                    "erofs",
                    "ext2",
                    "ext3",
                    "ext4",
                    "gz",
                    "img",
                    "iso",
                    "lz",
                    "lz4",
                    "lzma",
                    "lzo",
                    "qcow2",
                    "rar",
                    "sfs",
                    "sqfs",
                    "squashfs",
                    "sqsh",
                    "taz",
                    "tb2",
                    "tbz",
                    "tbz2",
                    "tlz",
                    "vdi",
                    "vhd",
                    "vhdx",
                    "vmdk",
                    "wim",
                    "xz",
                    "z",
                    "zip",
                    "zst");

    private @Nullable String compress;
    private @Nullable Integer level;

    /// Adds the options.
    public void declare(Options options) {
        options.text(
                "--compress",
                "none|gzip|xz|zstd",
                "by default OUT's suffix decides: .tar.gz, .tgz, .tar.xz, .txz, .tar.zst",
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
        Compression bySuffix = Compression.ofSuffix(destination);
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
            refuseOtherFormat(destination);
            if (level != null) {
                throw UndockerException.usage("--level: there is no compression")
                        .withHint("add --compress");
            }
            return Compression.NONE;
        }
        return bySuffix;
    }

    private static void refuseOtherFormat(String destination) {
        String suffix = destination.substring(destination.lastIndexOf('.') + 1);
        if (OTHER_FORMATS.contains(suffix.toLowerCase(Locale.ROOT))
                && suffix.length() < destination.length()) {
            throw UndockerException.usage(
                            "%s: .%s is not the name of a format that is written here"
                                    .formatted(destination, suffix))
                    .withHint(
                            "choose a name in .tar, .tar.gz, .tar.xz or .tar.zst, or say what it is"
                                    + " with --compress");
        }
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
