package dev.undocker.tar;

import dev.undocker.UndockerException;

import java.util.Arrays;

/// A view of one 512-byte header block inside a larger array: the fields of POSIX.1-1988 ustar and
/// their GNU variants (tar(5)). Mutable and reused: [#at] moves it.
final class HeaderBlock {
    static final int SIZE = 512;

    private static final int NAME = 0;
    private static final int MODE = 100;
    private static final int UID = 108;
    private static final int GID = 116;
    private static final int SIZE_FIELD = 124;
    private static final int MTIME = 136;
    private static final int CHECKSUM = 148;
    private static final int TYPE_FLAG = 156;
    private static final int LINK_NAME = 157;
    private static final int MAGIC = 257;
    private static final int DEVICE_MAJOR = 329;
    private static final int DEVICE_MINOR = 337;
    private static final int PREFIX = 345;

    private byte[] bytes = new byte[0];
    private int start;

    void at(byte[] array, int offset) {
        bytes = array;
        start = offset;
    }

    boolean isZero() {
        for (int i = start; i < start + SIZE; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether the checksum is right.
    boolean isHeader() {
        try {
            verifyChecksum();
            return true;
        } catch (UndockerException e) {
            return false;
        }
    }

    /// Compares with the sum over unsigned bytes, as POSIX wants it, and over signed bytes, as some
    /// old programs wrote it.
    void verifyChecksum() {
        long stored = TarNumber.parse(bytes, start + CHECKSUM, 8, "checksum");
        int unsigned = 0;
        for (int i = start; i < start + SIZE; i++) {
            unsigned += bytes[i] & 0xff;
        }
        for (int i = start + CHECKSUM; i < start + CHECKSUM + 8; i++) {
            unsigned += ' ' - (bytes[i] & 0xff);
        }
        if (stored != unsigned && stored != unsigned - 256 * negativeBytes()) {
            throw new UndockerException("malformed tar header: checksum does not match");
        }
    }

    /// How many bytes outside the checksum are below zero as signed ones.
    private int negativeBytes() {
        int count = 0;
        for (int i = 0; i < SIZE; i++) {
            if (bytes[start + i] < 0 && (i < CHECKSUM || i >= CHECKSUM + 8)) {
                count++;
            }
        }
        return count;
    }

    char typeFlag() {
        return (char) (bytes[start + TYPE_FLAG] & 0xff);
    }

    /// The name, with the ustar prefix in front where there is one.
    byte[] name() {
        byte[] name = text(NAME, 100);
        if (!isPosix() || bytes[start + PREFIX] == 0) {
            return name;
        }
        byte[] prefix = text(PREFIX, 155);
        byte[] joined = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        joined[prefix.length] = '/';
        System.arraycopy(name, 0, joined, prefix.length + 1, name.length);
        return joined;
    }

    byte[] linkName() {
        return text(LINK_NAME, 100);
    }

    int mode() {
        return (int) (TarNumber.parse(bytes, start + MODE, 8, "mode") & 07777);
    }

    long uid() {
        return TarNumber.parse(bytes, start + UID, 8, "uid");
    }

    long gid() {
        return TarNumber.parse(bytes, start + GID, 8, "gid");
    }

    long size() {
        return TarNumber.parse(bytes, start + SIZE_FIELD, 12, "size");
    }

    long mtime() {
        return TarNumber.parse(bytes, start + MTIME, 12, "mtime");
    }

    /// Device numbers exist in ustar and GNU headers; a V7 header has none.
    int deviceMajor() {
        return hasMagic() ? deviceNumber(DEVICE_MAJOR) : 0;
    }

    int deviceMinor() {
        return hasMagic() ? deviceNumber(DEVICE_MINOR) : 0;
    }

    private int deviceNumber(int offset) {
        long number = TarNumber.parse(bytes, start + offset, 8, "device number");
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new UndockerException("malformed tar header: device number " + number);
        }
        return (int) number;
    }

    /// `ustar` in front of a NUL (POSIX) or a blank (GNU).
    private boolean hasMagic() {
        return bytes[start + MAGIC] == 'u'
                && bytes[start + MAGIC + 1] == 's'
                && bytes[start + MAGIC + 2] == 't'
                && bytes[start + MAGIC + 3] == 'a'
                && bytes[start + MAGIC + 4] == 'r';
    }

    /// POSIX headers have a prefix where GNU headers have times and sparse maps.
    private boolean isPosix() {
        return hasMagic() && bytes[start + MAGIC + 5] == 0;
    }

    /// One pair of an old GNU sparse map, or null where the map ends.
    long @org.jspecify.annotations.Nullable [] sparsePair(int offset) {
        if (bytes[start + offset] == 0) {
            return null;
        }
        return new long[] {
            TarNumber.parse(bytes, start + offset, 12, "sparse offset"),
            TarNumber.parse(bytes, start + offset + 12, 12, "sparse length")
        };
    }

    long sparseRealSize() {
        return TarNumber.parse(bytes, start + 483, 12, "sparse size");
    }

    boolean flag(int offset) {
        return bytes[start + offset] != 0;
    }

    private byte[] text(int offset, int length) {
        int from = start + offset;
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(bytes, from, end);
    }
}
