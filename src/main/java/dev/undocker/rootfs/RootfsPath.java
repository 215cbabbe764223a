package dev.undocker.rootfs;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// A path inside a root file system: names, each of bytes, from the root down, none of them empty,
/// `.` or `..`. The root itself has no name. This is the only path type between the sources and the
/// writers; `./a`, `/a`, `a//` and `a` are one path.
///
/// A path holds its last name alone and shares the rest with its directory's path, where both come
/// from one [PathPool] or one was made from the other.
///
/// Ordered by unsigned bytes. Immutable: the arrays behind it are never written.
public final class RootfsPath implements Comparable<RootfsPath> {
    public static final RootfsPath ROOT = new RootfsPath(null, new byte[0], 0, 1);

    /// Longer paths are refused, and so are more than half as many levels, of one byte each. Linux
    /// takes 4,096 bytes in one call. What a tar says of a path is as long as the path, so there
    /// must be some limit.
    public static final int MAX_LENGTH = 16_384;

    private final @Nullable RootfsPath parent;
    private final byte[] name;
    private final int length;
    private final int hash;

    private RootfsPath(@Nullable RootfsPath parent, byte[] name, int length, int hash) {
        this.parent = parent;
        this.name = name;
        this.length = length;
        this.hash = hash;
    }

    /// Normalises a name as it stands in a layer: `a/../b` that stays inside is `b`.
    ///
    /// @throws UndockerException when the name is too long, leaves the root or holds a NUL byte
    public static RootfsPath of(byte[] name) {
        return ROOT.resolve(name);
    }

    /// For names the program itself gives; UTF-8.
    public static RootfsPath of(String name) {
        return of(name.getBytes(StandardCharsets.UTF_8));
    }

    /// This path followed by further components, which are normalised together with it.
    ///
    /// @throws UndockerException as [#of(byte\[\])]
    public RootfsPath resolve(byte[] names) {
        requireValid(names, before());
        return walk(names, false);
    }

    /// The same as a process sees it whose root this is: `..` at the root stays there.
    ///
    /// @return null when the result would be too long
    public @Nullable RootfsPath resolveInside(byte[] names) {
        return names.length > MAX_LENGTH - before() ? null : walk(names, true);
    }

    private RootfsPath walk(byte[] names, boolean inside) {
        RootfsPath at = this;
        int from = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i] == '/') {
                at = at.step(names, from, i, inside);
                from = i + 1;
            }
        }
        return at.step(names, from, names.length, inside);
    }

    /// Refuses names that cannot follow a path of `length` bytes.
    static void requireValid(byte[] names, int length) {
        if (names.length > MAX_LENGTH - length) {
            throw new UndockerException(
                    "name of %d bytes is too long: %s…"
                            .formatted(
                                    length + names.length,
                                    printable(names, 0, Math.min(80, names.length))));
        }
        for (byte b : names) {
            if (b == 0) {
                throw new UndockerException("name holds a NUL byte: " + printable(names));
            }
        }
    }

    /// Goes on by one component, the bytes of `names` between two places.
    ///
    /// @param inside true when `..` at the root stays there
    RootfsPath step(byte[] names, int from, int to, boolean inside) {
        int count = to - from;
        if (count == 0 || (count == 1 && names[from] == '.')) {
            return this;
        }
        if (count == 2 && names[from] == '.' && names[from + 1] == '.') {
            if (parent == null && !inside) {
                throw new UndockerException("name leaves the root: " + printable(names));
            }
            return parent == null ? this : parent;
        }
        return child(Arrays.copyOfRange(names, from, to));
    }

    /// A name in this directory.
    ///
    /// @param childName one component of another path, never written again; the two together are no
    ///   longer than a path may be
    public RootfsPath child(byte[] childName) {
        return new RootfsPath(this, childName, before() + childName.length, childHash(childName));
    }

    /// What [#hashCode()] is for [#child].
    public int childHash(byte[] childName) {
        int h = hash;
        for (byte b : childName) {
            h = 31 * h + b;
        }
        return 31 * h + '/';
    }

    /// How many bytes stand before the name of a child.
    private int before() {
        return isRoot() ? 0 : length + 1;
    }

    /// The same last name in another directory.
    ///
    /// @throws UndockerException when that is too long
    public RootfsPath in(RootfsPath directory) {
        if (directory == parent) {
            return this;
        }
        directory.requireRoomFor(name);
        return directory.child(name);
    }

    /// Refuses a name that makes this directory's path too long.
    ///
    /// @throws UndockerException then
    public void requireRoomFor(byte[] childName) {
        requireValid(childName, before());
    }

    /// True when `directory` is this path or on the way to it.
    public boolean startsWith(RootfsPath directory) {
        RootfsPath at = this;
        while (at.parent != null && at.length > directory.length) {
            at = at.parent;
        }
        return at.equals(directory);
    }

    /// True when `directory` is on the way to this path, which is another one.
    public boolean isBelow(RootfsPath directory) {
        return parent != null && parent.startsWith(directory);
    }

    public boolean isRoot() {
        return parent == null;
    }

    /// The directory that holds this name; null for the root.
    public @Nullable RootfsPath parent() {
        return parent;
    }

    /// The last component; empty for the root. Never to be written.
    public byte[] name() {
        return name;
    }

    /// True when the last component begins with these bytes.
    public boolean nameStartsWith(byte[] prefix) {
        return name.length >= prefix.length
                && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }

    /// How many bytes it has, with a slash between two names.
    public int length() {
        return length;
    }

    /// A copy of the bytes.
    public byte[] toBytes() {
        byte[] bytes = new byte[length];
        copyTo(bytes, 0);
        return bytes;
    }

    /// Copies all bytes into `target`.
    public void copyTo(byte[] target, int offset) {
        RootfsPath at = this;
        while (at.parent != null) {
            int start = offset + at.length - at.name.length;
            System.arraycopy(at.name, 0, target, start, at.name.length);
            at = at.parent;
            if (at.parent != null) {
                target[start - 1] = '/';
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof RootfsPath path)) {
            return false;
        }
        RootfsPath one = this;
        RootfsPath two = path;
        while (one != two) {
            if (one.parent == null
                    || two.parent == null
                    || one.hash != two.hash
                    || !Arrays.equals(one.name, two.name)) {
                return false;
            }
            one = one.parent;
            two = two.parent;
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public int compareTo(RootfsPath other) {
        return Arrays.compareUnsigned(toBytes(), other.toBytes());
    }

    /// For messages: the path as UTF-8 where it is printable text, other bytes as `\xHH`; `/` for
    /// the root.
    @Override
    public String toString() {
        return isRoot() ? "/" : printable(toBytes());
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
            int count = PrintableCharacter.length(bytes, at, end);
            if (count == 0) {
                text.append("\\x").append(HexFormat.of().toHexDigits(bytes[at]));
                at++;
            } else if (bytes[at] == '\\') {
                text.append("\\\\");
                at++;
            } else {
                text.append(new String(bytes, at, count, StandardCharsets.UTF_8));
                at += count;
            }
        }
        return text.toString();
    }
}
