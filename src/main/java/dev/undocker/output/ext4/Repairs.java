package dev.undocker.output.ext4;

import dev.undocker.Warnings;
import dev.undocker.output.program.ScratchDirectory;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What mke2fs(8) does not take from a tree, as commands for debugfs(8): times beyond whole seconds
/// of 32 bits, extended attributes (which nobody but root could give to the tree), the root
/// directory's mode and time, and the times of access and change, which are those of the tree.
///
/// Not thread-safe.
final class Repairs implements Closeable {
    static final String COMMANDS = "repairs";

    /// The first inode that mke2fs gives to the tree's files; it counts on from there.
    private static final int FIRST_INODE = 12;

    private static final int DIRECTORY = 0040000;

    /// Of a second, what stands beside its epoch. debugfs takes -1 for a time that it could not
    /// read.
    private static final long LOW_BITS = 0xffff_ffffL;

    /// What debugfs reads of a line.
    private static final int MAX_LINE = 8000;

    private final ScratchDirectory scratch;
    private final OutputStream commands;
    private final Warnings warnings;
    private final long seconds;
    private int values;
    private int inodes;

    /// @param seconds the file system's own time
    Repairs(ScratchDirectory scratch, long seconds, Warnings warnings) throws IOException {
        this.scratch = scratch;
        this.seconds = seconds;
        this.warnings = warnings;
        scratch.makeDirectory("values");
        commands =
                new BufferedOutputStream(Files.newOutputStream(scratch.resolve(COMMANDS)), 1 << 16);
    }

    void add(RootfsEntry entry) throws IOException {
        RootfsPath path = entry.path();
        Inode inode = entry.inode();
        if (entry instanceof RootfsEntry.HardLink && !(inode instanceof Inode.Symlink)) {
            return;
        }
        Metadata metadata = inode.metadata();
        boolean wide =
                metadata.mtimeNanos() != 0
                        || metadata.mtimeSeconds() != (int) metadata.mtimeSeconds();
        if (path.isRoot()) {
            command("set_inode_field / mode 0%o", DIRECTORY | metadata.mode());
            command("set_inode_field / uid %d", metadata.uid());
            command("set_inode_field / gid %d", metadata.gid());
        } else if (!path.toString().equals("lost+found")) {
            inodes++;
        }
        if (!path.isRoot() && !wide && metadata.xattrs().isEmpty()) {
            return;
        }
        byte[] name = quoted(path);
        if (name.length > MAX_LINE || hasLineEnd(name)) {
            warnings.warn(
                    "%s: extended attributes and parts of its time are lost: debugfs takes no such name"
                            .formatted(path));
            return;
        }
        if (path.isRoot() || wide) {
            field(name, "mtime", "@" + (metadata.mtimeSeconds() & LOW_BITS));
            field(name, "mtime_extra", Long.toString(extra(metadata)));
        }
        for (Xattr xattr : metadata.xattrs()) {
            set(name, xattr);
        }
    }

    /// Two bits of the second's epoch and the nanoseconds (`EXT4_ENCODE_EXTRA_TIME`).
    private static long extra(Metadata metadata) {
        long seconds = metadata.mtimeSeconds();
        return ((seconds - (int) seconds) >> 32 & 3) | (long) metadata.mtimeNanos() << 2;
    }

    private static boolean hasLineEnd(byte[] name) {
        for (byte b : name) {
            if (b == '\n' || b == '\r') {
                return true;
            }
        }
        return false;
    }

    /// In double quotes, of which one inside is two (libss).
    private static byte[] quoted(RootfsPath path) {
        String text = new String(path.toBytes(), StandardCharsets.ISO_8859_1);
        return ("\"/" + text.replace("\"", "\"\"") + "\"").getBytes(StandardCharsets.ISO_8859_1);
    }

    private void field(byte[] name, String field, String value) throws IOException {
        line("set_inode_field ", name, " " + field + " " + value);
    }

    private void set(byte[] name, Xattr xattr) throws IOException {
        Path value = scratch.resolve("values").resolve(Integer.toString(values++));
        Files.write(value, xattr.value());
        String attribute =
                new String(xattr.name(), StandardCharsets.ISO_8859_1).replace("\"", "\"\"");
        line("ea_set -f values/%s ".formatted(value.getFileName()), name, " \"" + attribute + "\"");
    }

    private void line(String before, byte[] name, String after) throws IOException {
        commands.write(before.getBytes(StandardCharsets.ISO_8859_1));
        commands.write(name);
        commands.write((after + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private void command(String format, Object... arguments) throws IOException {
        commands.write(
                (String.format(Locale.ROOT, format, arguments) + "\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Completes the commands.
    void finish() throws IOException {
        for (int inode = FIRST_INODE; inode < FIRST_INODE + inodes; inode++) {
            command("set_inode_field <%d> atime @%d", inode, seconds);
            command("set_inode_field <%d> ctime @%d", inode, seconds);
        }
        commands.close();
    }

    @Override
    public void close() throws IOException {
        commands.close();
    }
}
