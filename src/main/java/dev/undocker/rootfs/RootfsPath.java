package dev.undocker.rootfs;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// A path inside a root file system: bytes, relative to the root, without a leading or trailing
/// slash, without empty, `.` or `..` components. The root itself is the empty path. This is the
/// only path type between the sources and the writers; `./a`, `/a`, `a//` and `a` are one path.
///
/// Ordered by unsigned bytes. Immutable: the array behind it never leaves this class for writing.
public final class RootfsPath implements Comparable<RootfsPath> {
    public static final RootfsPath ROOT = new RootfsPath(new byte[0]);

    /// Longer paths are refused. Linux takes 4,096 bytes in one call; each level of a path costs a
    /// directory with a path of its own, so an unbounded one would cost memory without end.
    public static final int MAX_LENGTH = 16_384;

    private final byte[] bytes;
    private int hash;

    private RootfsPath(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Normalises a name as it stands in a layer: `a/../b` that stays inside is `b`.
    ///
    /// @param name never written again: it may become the path's own array
    /// @throws UndockerException when the name leaves the root or holds a NUL byte
    public static RootfsPath of(byte[] name) {
        return isNormal(name) ? new RootfsPath(name) : of(name, 0, name.length);
    }

    private static boolean isNormal(byte[] name) {
        if (name.length == 0 || name.length > MAX_LENGTH) {
            return false;
        }
        int from = 0;
        for (int i = 0; i <= name.length; i++) {
            if (i == name.length || name[i] == '/') {
                int count = i - from;
                if (count == 0
                        || (name[from] == '.'
                                && (count == 1 || (count == 2 && name[from + 1] == '.')))) {
                    return false;
                }
                from = i + 1;
            } else if (name[i] == 0) {
                return false;
            }
        }
        return true;
    }

    /// The same for `length` bytes of an array from `from` on; the bytes are copied.
    public static RootfsPath of(byte[] name, int from, int length) {
        if (length > MAX_LENGTH) {
            throw new UndockerException(
                    "name of %d bytes is too long: %s…"
                            .formatted(length, printable(name, from, 80)));
        }
        int end = from + length;
        byte[] normal = new byte[length];
        int size = 0;
        int at = from;
        while (at < end) {
            int slash = at;
            while (slash < end && name[slash] != '/') {
                if (name[slash] == 0) {
                    throw new UndockerException(
                            "name holds a NUL byte: " + printable(name, from, length));
                }
                slash++;
            }
            int count = slash - at;
            if (count == 2 && name[at] == '.' && name[at + 1] == '.') {
                if (size == 0) {
                    throw new UndockerException(
                            "name leaves the root: " + printable(name, from, length));
                }
                size = Math.max(0, lastSlash(normal, size));
            } else if (count > 0 && !(count == 1 && name[at] == '.')) {
                if (size > 0) {
                    normal[size++] = '/';
                }
                System.arraycopy(name, at, normal, size, count);
                size += count;
            }
            at = slash + 1;
        }
        return size == 0
                ? ROOT
                : new RootfsPath(size == normal.length ? normal : Arrays.copyOf(normal, size));
    }

    /// For names the program itself gives; UTF-8.
    public static RootfsPath of(String name) {
        return of(name.getBytes(StandardCharsets.UTF_8));
    }

    private static int lastSlash(byte[] bytes, int end) {
        for (int i = end - 1; i >= 0; i--) {
            if (bytes[i] == '/') {
                return i;
            }
        }
        return -1;
    }

    public boolean isRoot() {
        return bytes.length == 0;
    }

    /// The directory that holds this name; null for the root.
    public @Nullable RootfsPath parent() {
        if (isRoot()) {
            return null;
        }
        int slash = lastSlash(bytes, bytes.length);
        return slash < 0 ? ROOT : new RootfsPath(Arrays.copyOf(bytes, slash));
    }

    /// The last component; empty for the root.
    public byte[] name() {
        return Arrays.copyOfRange(bytes, nameOffset(), bytes.length);
    }

    /// Where the last component begins.
    public int nameOffset() {
        return lastSlash(bytes, bytes.length) + 1;
    }

    /// This path followed by further components, which are normalised together with it.
    public RootfsPath resolve(byte[] name) {
        byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + name.length);
        joined[bytes.length] = '/';
        System.arraycopy(name, 0, joined, bytes.length + 1, name.length);
        return of(joined);
    }

    /// The first `length` bytes as a path; `length` must stand at a slash or at the end.
    public RootfsPath prefix(int length) {
        if (length == bytes.length) {
            return this;
        }
        if (length != 0 && bytes[length] != '/') {
            throw new IllegalArgumentException("no component ends at " + length + " of " + this);
        }
        return length == 0 ? ROOT : new RootfsPath(Arrays.copyOf(bytes, length));
    }

    /// True for this path itself and everything below it.
    public boolean startsWith(RootfsPath ancestor) {
        int length = ancestor.bytes.length;
        return length == 0
                || (bytes.length >= length
                        && Arrays.equals(bytes, 0, length, ancestor.bytes, 0, length)
                        && (bytes.length == length || bytes[length] == '/'));
    }

    public int length() {
        return bytes.length;
    }

    public byte byteAt(int index) {
        return bytes[index];
    }

    /// Where the next slash stands from `from` on, or the length when there is none.
    public int nextSlash(int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '/') {
            at++;
        }
        return at;
    }

    /// A copy of the bytes.
    public byte[] toBytes() {
        return bytes.clone();
    }

    /// Copies all bytes into `target`.
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RootfsPath path && Arrays.equals(bytes, path.bytes);
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = Arrays.hashCode(bytes);
            hash = h;
        }
        return h;
    }

    @Override
    public int compareTo(RootfsPath other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    /// For messages: the path as UTF-8 where it is printable text, other bytes as `\xHH`; `/` for
    /// the root.
    @Override
    public String toString() {
        return isRoot() ? "/" : printable(bytes, 0, bytes.length);
    }

    /// Bytes from an image as text that is safe on a terminal: valid, printable UTF-8 stays, every
    /// other byte is written as `\xHH`, a backslash as `\\`.
    public static String printable(byte[] bytes) {
        return printable(bytes, 0, bytes.length);
    }

    private static String printable(byte[] bytes, int from, int length) {
        StringBuilder text = new StringBuilder(length);
        int at = from;
        int end = from + length;
        while (at < end) {
            int count = sequenceLength(bytes, at, end);
            String one = new String(bytes, at, count, StandardCharsets.UTF_8);
            int point = one.codePointAt(0);
            boolean shown =
                    one.codePointCount(0, one.length()) == 1
                            && point != 0xfffd
                            && switch (Character.getType(point)) {
                                case Character.CONTROL,
                                        Character.FORMAT,
                                        Character.SURROGATE,
                                        Character.UNASSIGNED,
                                        Character.PRIVATE_USE,
                                        Character.LINE_SEPARATOR,
                                        Character.PARAGRAPH_SEPARATOR ->
                                        false;
                                default -> true;
                            };
            if (shown) {
                text.append(point == '\\' ? "\\\\" : one);
                at += count;
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits(bytes[at]));
                at++;
            }
        }
        return text.toString();
    }

    private static int sequenceLength(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        int wanted = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        return Math.min(wanted, end - at);
    }
}
