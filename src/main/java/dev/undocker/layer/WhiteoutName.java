package dev.undocker.layer;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.RootfsPath;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

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
        RootfsPath marker = null;
        for (RootfsPath at = path; at != null; at = at.parent()) {
            if (at.nameStartsWith(PREFIX)) {
                marker = at;
            }
        }
        return marker == null ? NONE : marker(marker, Objects.requireNonNull(marker.parent()));
    }

    private static WhiteoutName marker(RootfsPath path, RootfsPath directory) {
        byte[] name = path.name();
        if (path.nameStartsWith(META_PREFIX)) {
            return Arrays.equals(name, OPAQUE)
                    ? new Opaque(directory)
                    : new Aufs(directory.isRoot() && Arrays.equals(name, PSEUDO_LINKS));
        }
        byte[] hidden = Arrays.copyOfRange(name, PREFIX.length, name.length);
        boolean dots = hidden.length <= 2;
        for (byte b : hidden) {
            dots &= b == '.';
        }
        if (dots) {
            throw new UndockerException("%s: invalid whiteout".formatted(path));
        }
        return new Plain(directory.resolve(hidden));
    }
}
