package dev.undocker.output.erofs;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/// The extended attributes of the files in `tree`, as `setfattr --restore` reads them: what is no
/// plain character of a name is written as a backslash and three octal digits. Not thread-safe.
final class XattrDump implements Closeable {
    /// What fakeroot(1) takes of a file's names at once, and of one name and its value
    /// (`MAX_IPC_BUFFER_SIZE`).
    private static final int BUFFER = 1024;

    private final OutputStream out;

    /// @param file is made
    XattrDump(Path file) throws IOException {
        out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    /// @throws UndockerException when they are more than fakeroot takes
    void add(RootfsPath path, List<Xattr> xattrs) throws IOException {
        if (xattrs.isEmpty()) {
            return;
        }
        text("# file: tree");
        if (!path.isRoot()) {
            text("/");
            name(path.toBytes());
        }
        text("\n");
        int names = 0;
        for (Xattr xattr : xattrs) {
            names += xattr.name().length + 1;
            if (names > BUFFER || xattr.name().length + 1 + xattr.value().length > BUFFER) {
                throw new UndockerException(
                                "%s: %s: fakeroot takes no extended attributes of that size"
                                        .formatted(path, RootfsPath.printable(xattr.name())))
                        .withHint(
                                "mkfs.erofs 1.8 needs no fakeroot; neither does undocker squashfs");
            }
            name(xattr.name());
            text("=0x" + HexFormat.of().formatHex(xattr.value()) + "\n");
        }
        text("\n");
    }

    private void name(byte[] name) throws IOException {
        for (byte b : name) {
            if (b > ' ' && b < 0x7f && b != '\\' && b != '=' && b != '#') {
                out.write(b);
            } else {
                text("\\%03o".formatted(b & 0xff));
            }
        }
    }

    private void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
