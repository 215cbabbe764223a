package dev.undocker.query;

import dev.undocker.rootfs.RootfsPath;

/// Names of an image in text for people.
public final class ShownName {
    private ShownName() {}

    /// `/` for the root.
    public static String of(RootfsPath path) {
        return path.toString();
    }

    /// The text of a symbolic link, or the name of an attribute.
    public static String of(byte[] name) {
        return RootfsPath.printable(name);
    }
}
