package dev.undocker.merge;

import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Follows the text of a symbolic link inside the root: an absolute text begins at the root, and
/// `..` at the root stays there, as chroot(2) shows it.
final class SymlinkText {
    private SymlinkText() {}

    /// @param link where the link stands
    /// @param text the link's text
    /// @param path the path that led through the link
    /// @param end where the link's own name ends in `path`; what follows is appended
    /// @return null when the result is no path that a root file system can have
    static @Nullable RootfsPath follow(RootfsPath link, byte[] text, RootfsPath path, int end) {
        if (text.length > RootfsPath.MAX_LENGTH) {
            return null;
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        byte[] linkBytes = link.toBytes();
        boolean absolute = text.length > 0 && text[0] == '/';
        if (!absolute) {
            joined.write(linkBytes, 0, Math.max(0, link.nameOffset() - 1));
        }
        append(joined, text, 0);
        append(joined, path.toBytes(), end);
        byte[] all = joined.toByteArray();
        return all.length > RootfsPath.MAX_LENGTH ? null : RootfsPath.of(all);
    }

    /// Appends components one by one, so that `..` never climbs over the root.
    private static void append(ByteArrayOutputStream joined, byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length) {
            int slash = at;
            while (slash < bytes.length && bytes[slash] != '/') {
                slash++;
            }
            if (slash - at == 2 && bytes[at] == '.' && bytes[at + 1] == '.') {
                byte[] so = joined.toByteArray();
                int cut = so.length;
                while (cut > 0 && so[--cut] != '/') {
                    // back to the slash in front of the last component
                }
                joined.reset();
                joined.writeBytes(Arrays.copyOf(so, cut));
            } else if (slash > at && !(slash - at == 1 && bytes[at] == '.')) {
                joined.write('/');
                joined.write(bytes, at, slash - at);
            }
            at = slash + 1;
        }
    }
}
