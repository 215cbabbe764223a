package dev.undocker.output.directory;

import dev.undocker.content.FileSlice;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Entries made by hand, their content in a nameless file.
final class SampleTree implements Closeable {
    static final long TIME = 1_600_000_000;
    private final List<RootfsEntry> entries = new ArrayList<>();
    private final FileChannel data;
    private long end;

    SampleTree(Path directory) throws IOException {
        data =
                FileChannel.open(
                        directory.resolve("content"),
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.DELETE_ON_CLOSE));
        directory("", 0755, 0, 0);
    }

    /// One of everything.
    static SampleTree ofEverything(Path directory) throws IOException {
        SampleTree tree = new SampleTree(directory);
        tree.directory("bin", 0755, 0, 0);
        tree.file("bin/su", 04755, 0, 0, "su");
        tree.file(
                "bin/ping", 0755, 0, 0, "ping", new Xattr(b("security.capability"), capability()));
        tree.file("bin/wall", 02755, 0, 5, "wall");
        tree.directory("dev", 0755, 0, 0);
        tree.node("dev/null", new Inode.CharacterDevice(tree.metadata(0666, 0, 0), 1, 3));
        tree.node("dev/sda", new Inode.BlockDevice(tree.metadata(0660, 0, 6), 8, 0));
        tree.node("dev/pipe", new Inode.Fifo(tree.metadata(0622, 0, 0)));
        tree.link("dev/zero", "dev/null");
        tree.directory("home", 0755, 0, 0);
        tree.directory("home/me", 02750, 1000, 1001, new Xattr(b("user.note"), b("dir")));
        tree.file("home/me/big", 0600, 1000, 1001, "0123456789".repeat(300_000));
        tree.file("home/me/empty", 0, 1000, 1001, "");
        tree.file("home/me/\377\1", 0644, 1000, 1001, "bytes");
        tree.file(
                "home/me/marked",
                0444,
                1000,
                1001,
                "m",
                new Xattr(b("trusted.x"), b("t")),
                new Xattr(b("user.x"), b("\0u\377")));
        tree.directory("locked", 0555, 0, 0);
        tree.directory("locked/in", 0111, 0, 0);
        tree.file("locked/in/file", 0400, 0, 0, "x");
        tree.link("locked/in/again", "home/me/big");
        tree.link("other", "bin/su");
        tree.node(
                "sh",
                new Inode.Symlink(
                        new Metadata(0777, 7, 8, TIME, 123_456_000, List.of()), b("/bin/no\376")));
        tree.node(
                "sparse",
                new Inode.RegularFile(tree.metadata(0644, 0, 0), tree.sparse(50 << 20, "middle")));
        tree.directory("tmp", 01777, 0, 0);
        return tree;
    }

    /// cap_net_raw+ep, version 2.
    private static byte[] capability() {
        byte[] value = new byte[20];
        value[0] = 1;
        value[3] = 2;
        value[5] = 0x20;
        return value;
    }

    static byte[] b(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    List<RootfsEntry> entries() {
        return entries;
    }

    Metadata metadata(int mode, int uid, int gid, Xattr... xattrs) {
        return new Metadata(mode, uid, gid, TIME, 987_654_321, Arrays.asList(xattrs));
    }

    void directory(String path, int mode, int uid, int gid, Xattr... xattrs) {
        node(path, new Inode.Directory(metadata(mode, uid, gid, xattrs)));
    }

    void file(String path, int mode, int uid, int gid, String text, Xattr... xattrs)
            throws IOException {
        FileSlice slice = slice(text);
        node(
                path,
                new Inode.RegularFile(
                        metadata(mode, uid, gid, xattrs),
                        new Content.Plain(slice.file(), slice.offset(), slice.length())));
    }

    private FileSlice slice(String text) throws IOException {
        byte[] bytes = b(text);
        data.write(ByteBuffer.wrap(bytes), end);
        FileSlice slice = new FileSlice(data, end, bytes.length);
        end += bytes.length;
        return slice;
    }

    private Content sparse(long size, String middle) throws IOException {
        return new Content.Sparse(List.of(new Content.Segment(size / 2, slice(middle))), size);
    }

    void link(String path, String target) {
        RootfsPath first = RootfsPath.of(b(target));
        for (RootfsEntry entry : entries) {
            if (entry.path().equals(first)) {
                entries.add(new RootfsEntry.HardLink(RootfsPath.of(b(path)), first, entry.inode()));
                return;
            }
        }
        throw new IllegalArgumentException(target);
    }

    void node(String path, Inode inode) {
        entries.add(new RootfsEntry.Node(RootfsPath.of(b(path)), inode));
    }

    @Override
    public void close() throws IOException {
        data.close();
    }
}
