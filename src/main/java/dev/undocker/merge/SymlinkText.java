package dev.undocker.merge;

import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/// Follows the text of a symbolic link inside the root: an absolute text begins at the root, and
/// `..` at the root stays there, as chroot(2) shows it.
final class SymlinkText {
    private SymlinkText() {}

    /// @param link where the link stands
    /// @param text the link's text
    /// @param path the path that led through the link; what follows the link there is appended
    /// @return null when the result is no path that a root file system can have
    static @Nullable RootfsPath follow(RootfsPath link, byte[] text, RootfsPath path) {
        boolean absolute = text.length > 0 && text[0] == '/';
        RootfsPath start = absolute ? RootfsPath.ROOT : Objects.requireNonNull(link.parent());
        RootfsPath end = start.resolveInside(text);
        return end == null
                ? null
                : end.resolveInside(
                        Arrays.copyOfRange(path.toBytes(), link.length(), path.length()));
    }
}
