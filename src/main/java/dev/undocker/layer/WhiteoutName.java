package dev.undocker.layer;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.RootfsPath;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the whiteout grammar out of a member's path (image-spec `layer.md#whiteouts`). Only the
/// name matters, never the member's type. What stands below a marker is part of it.
sealed interface WhiteoutName {
    /// An ordinary path.
    record None() implements WhiteoutName {}

    /// `D/.wh.N`: the path `D/N`.
    record Plain(RootfsPath path) implements WhiteoutName {}

    /// `D/.wh..wh..opq`: the path `D`.
    record Opaque(RootfsPath directory) implements WhiteoutName {}

    /// Another `.wh..wh.` name: aufs' own bookkeeping.
    ///
    /// @param pseudoLink true below `/.wh..wh.plnk/`
    record Aufs(boolean pseudoLink) implements WhiteoutName {}

    WhiteoutName NONE = new None();

    byte[] PREFIX = ".wh.".getBytes(StandardCharsets.US_ASCII);
    byte[] META_PREFIX = ".wh..wh.".getBytes(StandardCharsets.US_ASCII);
    byte[] OPAQUE = ".wh..wh..opq".getBytes(StandardCharsets.US_ASCII);
    byte[] PSEUDO_LINKS = ".wh..wh.plnk".getBytes(StandardCharsets.US_ASCII);

    /// @throws UndockerException for `.wh.`, `.wh..` and `.wh...`, which would remove a directory
    ///   itself or its parent
    static WhiteoutName of(RootfsPath path) {
        int from = 0;
        while (from < path.length()) {
            int end = path.nextSlash(from);
            if (startsWith(path, from, end, PREFIX)) {
                return marker(path, from, end);
            }
            from = end + 1;
        }
        return NONE;
    }

    private static WhiteoutName marker(RootfsPath path, int from, int end) {
        RootfsPath directory = path.prefix(Math.max(0, from - 1));
        if (startsWith(path, from, end, META_PREFIX)) {
            return equals(path, from, end, OPAQUE)
                    ? new Opaque(directory)
                    : new Aufs(from == 0 && equals(path, from, end, PSEUDO_LINKS));
        }
        byte[] name = Arrays.copyOfRange(path.toBytes(), from + PREFIX.length, end);
        boolean dots = name.length <= 2;
        for (byte b : name) {
            dots &= b == '.';
        }
        if (dots) {
            throw new UndockerException("%s: invalid whiteout".formatted(path));
        }
        return new Plain(directory.resolve(name));
    }

    private static boolean startsWith(RootfsPath path, int from, int end, byte[] prefix) {
        if (end - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (path.byteAt(from + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean equals(RootfsPath path, int from, int end, byte[] name) {
        return end - from == name.length && startsWith(path, from, end, name);
    }
}
