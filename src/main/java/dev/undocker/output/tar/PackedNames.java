package dev.undocker.output.tar;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What the name of an archive promises of its compression.
public enum PackedNames {
    /// `.tar`, `.tar.gz`, `.tgz` and so on.
    TAR(".tar.gz, .tgz, .tar.xz, .txz, .tar.zst", ".tar, .tar.gz, .tar.xz or .tar.zst") {
        @Override
        @Nullable Compression compression(String destination) {
            return Compression.ofSuffix(destination);
        }
    },
    /// Those of an initial RAM file system, which Linux distributions call `initrd.img` too.
    CPIO(".gz, .xz, .zst", ".cpio, .cpio.gz, .cpio.xz or .cpio.zst") {
        @Override
        @Nullable Compression compression(String destination) {
            if (Compression.ofSuffix(destination) != null) {
                return null;
            }
            return switch (suffix(destination)) {
                case "gz" -> Compression.GZIP;
                case "xz" -> Compression.XZ;
                case "zst" -> Compression.ZSTD;
                case "cpio", "img" -> Compression.NONE;
                default -> null;
            };
        }
    };

    /// Suffixes of archives, packed files and file systems that nobody would expect either in.
    private static final Set<String> OTHER_FORMATS =
            Set.of(
                    "7z",
                    "br",
                    "bz",
                    "bz2",
                    "cab",
                    "cpio",
                    "deb",
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
                    "oci",
                    "qcow2",
                    "rar",
                    "rpm",
                    "sfs",
                    "sqfs",
                    "squashfs",
                    "sqsh",
                    "tar",
                    "taz",
                    "tb2",
                    "tbz",
                    "tbz2",
                    "tgz",
                    "tlz",
                    "txz",
                    "tzst",
                    "vdi",
                    "vhd",
                    "vhdx",
                    "vmdk",
                    "wim",
                    "wsl",
                    "xz",
                    "z",
                    "zip",
                    "zst");

    /// Which command makes it, by the suffix.
    private static final Map<String, String> COMMANDS =
            Map.of(
                    "cpio", "cpio",
                    "erofs", "erofs",
                    "ext4", "ext4",
                    "sfs", "squashfs",
                    "sqfs", "squashfs",
                    "sqsh", "squashfs",
                    "squashfs", "squashfs",
                    "wsl", "wsl");

    /// Compressions, whose suffix says nothing of what is compressed.
    private static final Set<String> PACKED = Set.of("gz", "xz", "zst");

    private final String suffixes;
    private final String usual;

    PackedNames(String suffixes, String usual) {
        this.suffixes = suffixes;
        this.usual = usual;
    }

    /// For the help.
    String suffixes() {
        return suffixes;
    }

    /// What a name asks for, in any case; null when it asks for none of this.
    abstract @Nullable Compression compression(String destination);

    private static String suffix(String destination) {
        int point = destination.lastIndexOf('.');
        return point < 0 ? "" : destination.substring(point + 1).toLowerCase(Locale.ROOT);
    }

    /// @throws UndockerException when the name is that of another format
    void refuseOther(String destination) {
        String suffix = suffix(destination);
        String name =
                this == TAR && PACKED.contains(suffix)
                        ? destination.replaceFirst("\\.[^.]*$", ".tar$0")
                        : "a name in " + usual;
        refuseOther(
                destination,
                Set.of(),
                "choose %s, or say what it is with --compress".formatted(name));
    }

    /// The same for what is no archive of these.
    ///
    /// @param own suffixes that are right, in small letters
    /// @param hint what to do instead
    public static void refuseOther(String destination, Set<String> own, String hint) {
        String suffix = suffix(destination);
        if (OTHER_FORMATS.contains(suffix) && !own.contains(suffix)) {
            throw UndockerException.usage(
                            "%s: .%s is not the name of a format that is written here"
                                    .formatted(
                                            destination,
                                            destination.substring(
                                                    destination.lastIndexOf('.') + 1)))
                    .withHint(
                            COMMANDS.containsKey(suffix)
                                    ? "undocker %s makes it; here %s"
                                            .formatted(COMMANDS.get(suffix), hint)
                                    : hint);
        }
    }
}
