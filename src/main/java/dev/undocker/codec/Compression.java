package dev.undocker.codec;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Locale;

/// How bytes are packed: found by content when reading, chosen by name when writing.
public enum Compression {
    NONE("none", 0, 0),
    /// RFC 1952.
    GZIP("gzip", 1, 9),
    /// RFC 8878.
    ZSTD("zstd", 1, 22),
    /// The .xz file format, version 1.2.1.
    XZ("xz", 0, 9),
    /// Read only.
    BZIP2("bzip2", 1, 9);

    /// How many bytes [#sniff] wants to see.
    public static final int MAGIC_LENGTH = 6;

    private final String word;
    private final int lowestLevel;
    private final int highestLevel;

    Compression(String word, int lowestLevel, int highestLevel) {
        this.word = word;
        this.lowestLevel = lowestLevel;
        this.highestLevel = highestLevel;
    }

    /// Tells by the first bytes, which stay in the stream.
    ///
    /// @param stored with room for [#MAGIC_LENGTH]
    public static Compression peek(PushbackInputStream stored) throws IOException {
        byte[] head = stored.readNBytes(MAGIC_LENGTH);
        stored.unread(head);
        return sniff(head, head.length);
    }

    /// Tells by the first bytes, which are taken from the stream.
    public static Compression sniff(InputStream stored) throws IOException {
        byte[] head = stored.readNBytes(MAGIC_LENGTH);
        return sniff(head, head.length);
    }

    /// Tells by the first bytes; what no decoder here knows is [#NONE].
    ///
    /// @param length how many bytes of `head` are valid; fewer than [#MAGIC_LENGTH] only if there
    ///   are no more
    public static Compression sniff(byte[] head, int length) {
        if (startsWith(head, length, 0x1f, 0x8b, 8)) {
            return GZIP;
        }
        if (startsWith(head, length, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            return XZ;
        }
        if (startsWith(head, length, 0x28, 0xb5, 0x2f, 0xfd)
                || (length >= 4
                        && (head[0] & 0xf0) == 0x50
                        && head[1] == 0x2a
                        && head[2] == 0x4d
                        && head[3] == 0x18)) {
            return ZSTD;
        }
        // "BZh1" alone may begin a tar member's name: ask for the start of the first block's magic
        // (pi), or the end of stream's (its root) too
        if (startsWith(head, length, 'B', 'Z', 'h')
                && length >= 6
                && head[3] >= '1'
                && head[3] <= '9'
                && ((head[4] == 0x31 && head[5] == 0x41) || (head[4] == 0x17 && head[5] == 0x72))) {
            return BZIP2;
        }
        return NONE;
    }

    private static boolean startsWith(byte[] head, int length, int... magic) {
        if (length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (head[i] != (byte) magic[i]) {
                return false;
            }
        }
        return true;
    }

    /// What the name of a tar to be written asks for, in any case; null if it is no tar's name.
    public static @Nullable Compression ofSuffix(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (name.endsWith(".tar")) {
            return NONE;
        }
        if (name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
            return GZIP;
        }
        if (name.endsWith(".tar.xz") || name.endsWith(".txz")) {
            return XZ;
        }
        if (name.endsWith(".tar.zst") || name.endsWith(".tzst")) {
            return ZSTD;
        }
        return null;
    }

    /// The user's word for a compression to write.
    ///
    /// @throws UndockerException if it is none of `none`, `gzip`, `xz` and `zstd`
    public static Compression parse(String word) {
        for (Compression compression : values()) {
            if (compression.word.equals(word) && compression != BZIP2) {
                return compression;
            }
        }
        throw Spelling.refusal("--compress " + word, word, List.of("none", "gzip", "xz", "zstd"));
    }

    /// @throws UndockerException naming the range, if the level is outside; null never is
    public void checkLevel(@Nullable Integer level) {
        if (level == null) {
            return;
        }
        if (this == NONE) {
            throw UndockerException.usage(
                    "--level %d: nothing is to be compressed".formatted(level));
        }
        if (level < lowestLevel || level > highestLevel) {
            throw UndockerException.usage(
                    "--level %d: %s takes %d to %d"
                            .formatted(level, word, lowestLevel, highestLevel));
        }
    }

    /// Finds out how `stored` is packed and decodes it: [#sniff] and [#decode]. What is packed in
    /// no way comes as it is.
    ///
    /// @param toDecode as for [#decode]
    public static InputStream decoded(InputStream stored, long toDecode) throws IOException {
        PushbackInputStream whole = new PushbackInputStream(stored, MAGIC_LENGTH);
        return peek(whole).decode(whole, toDecode);
    }

    /// The decoded bytes: every gzip member, zstd frame, xz and bzip2 stream that follow one
    /// another. NUL bytes after the last gzip member or xz stream are padding; other bytes that
    /// belong to nothing are an error, as are corruption, a wrong checksum and an early end, each
    /// an [IOException] on reading.
    ///
    /// Read in large pieces. Closing the stream closes `stored`.
    ///
    /// @param toDecode about how many bytes this run decodes, as they are stored, in this stream
    ///   and in others: a faster decoder may take long to begin
    public InputStream decode(InputStream stored, long toDecode) throws IOException {
        return switch (this) {
            case NONE -> stored;
            case GZIP -> {
                Isal isal = Isal.worthFor(toDecode);
                yield new GzipDecoder(
                        stored, isal != null ? isal.decoder() : new JavaDeflateDecoder());
            }
            case ZSTD -> new ZstdDecoder(stored);
            case XZ -> LibraryDecoder.xz(stored);
            case BZIP2 -> LibraryDecoder.bzip2(stored);
        };
    }

    /// The word that [#parse] takes.
    @Override
    public String toString() {
        return word;
    }
}
