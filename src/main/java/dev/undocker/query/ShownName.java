package dev.undocker.query;

import dev.undocker.rootfs.RootfsPath;

import java.nio.charset.StandardCharsets;

/// Names of an image in text for people, quoted wherever that text goes: a line end in a name would
/// make two lines of one.
public final class ShownName {
    private ShownName() {}

    /// `/` for the root.
    public static String of(RootfsPath path) {
        return path.isRoot() ? "/" : of(path.toBytes());
    }

    /// The text of a symbolic link, or the name of an attribute.
    public static String of(byte[] name) {
        return new String(NameQuoting.UTF_8.quoted(name), StandardCharsets.UTF_8);
    }
}
