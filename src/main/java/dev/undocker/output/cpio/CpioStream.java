package dev.undocker.output.cpio;

import dev.undocker.UndockerException;
import dev.undocker.output.tar.ArchiveFormat;
import dev.undocker.output.tar.SlabWriter;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/// The `newc` form of cpio, as the kernel unpacks it
/// (`Documentation/driver-api/early-userspace/buffer-format.rst`). The first name of a file has its
/// content, the others have none. (commons-compress would do, but it keeps every name as a whole.)
///
/// Not thread-safe.
final class CpioStream implements ArchiveFormat.Stream {
    private static final byte[] MAGIC = "070701".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ROOT = {'.'};
    private static final byte[] TRAILER = "TRAILER!!!".getBytes(StandardCharsets.US_ASCII);

    /// What the kernel takes of a name, its NUL included; longer ones it skips without a word.
    private static final int MAX_NAME = 4096;

    private static final long MAX_SIZE = 0xffff_ffffL;

    /// What other programs' archives end at.
    private static final int BLOCK = 512;

    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int SYMLINK = 0120000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int FIFO = 0010000;

    private final SlabWriter out;
    private final Map<Inode, Integer> links;
    private final Map<Inode, Integer> numbers = new IdentityHashMap<>();
    private byte[] header = new byte[1024];
    private int length;
    private long position;
    private int lastNumber;

    /// @param links how many names an inode has beside its first; those without any are missing
    CpioStream(SlabWriter out, Map<Inode, Integer> links) {
        this.out = out;
        this.links = links;
    }

    @Override
    public void write(RootfsEntry entry) throws IOException {
        RootfsPath path = entry.path();
        byte[] name = path.isRoot() ? ROOT : path.toBytes();
        if (Arrays.equals(name, TRAILER)) {
            throw new UndockerException(path + ": is what an archive of cpio ends with");
        }
        if (name.length >= MAX_NAME) {
            throw new UndockerException(path + ": the kernel takes no name of that length");
        }
        Inode inode = entry.inode();
        switch (inode) {
            case Inode.Directory directory -> header(name, inode, DIRECTORY, 2, 0, 0, 0);
            case Inode.RegularFile file -> {
                Content content = file.content();
                boolean first = entry instanceof RootfsEntry.Node;
                if (content.size() > MAX_SIZE) {
                    throw new UndockerException(
                            "%s: is larger than 4 GiB, which no initial RAM file system holds"
                                    .formatted(path));
                }
                header(name, inode, REGULAR, names(inode), first ? content.size() : 0, 0, 0);
                if (first) {
                    out.content(content);
                    position += content.size();
                    pad(4);
                }
            }
            // the kernel makes no links of symbolic links
            case Inode.Symlink link -> {
                header(name, inode, SYMLINK, 1, link.target().length, 0, 0);
                out.write(link.target(), link.target().length);
                position += link.target().length;
                pad(4);
            }
            case Inode.CharacterDevice device ->
                    header(
                            name,
                            inode,
                            CHARACTER_DEVICE,
                            names(inode),
                            0,
                            device.major(),
                            device.minor());
            case Inode.BlockDevice device ->
                    header(
                            name,
                            inode,
                            BLOCK_DEVICE,
                            names(inode),
                            0,
                            device.major(),
                            device.minor());
            case Inode.Fifo fifo -> header(name, inode, FIFO, names(inode), 0, 0, 0);
        }
    }

    private int names(Inode inode) {
        return 1 + links.getOrDefault(inode, 0);
    }

    /// The names of one inode have one number; symbolic links are inodes of their own.
    private int number(Inode inode) {
        if (inode instanceof Inode.Symlink || !links.containsKey(inode)) {
            return ++lastNumber;
        }
        return numbers.computeIfAbsent(inode, _ -> ++lastNumber);
    }

    private void header(
            byte[] name, Inode inode, int type, int names, long size, int major, int minor)
            throws IOException {
        Metadata metadata = inode.metadata();
        begin();
        hex(number(inode));
        hex(type | metadata.mode());
        hex(metadata.uid());
        hex(metadata.gid());
        hex(names);
        hex(metadata.mtimeSeconds());
        hex(size);
        hex(0); // major and minor number of the file system
        hex(0);
        hex(major);
        hex(minor);
        put(name);
    }

    private void begin() {
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        length = MAGIC.length;
    }

    private void hex(long value) {
        for (int shift = 28; shift >= 0; shift -= 4) {
            header[length++] = HEX[(int) (value >>> shift) & 15];
        }
    }

    /// The end of a header: the name's length, no checksum, the name.
    private void put(byte[] name) throws IOException {
        hex(name.length + 1);
        hex(0);
        if (header.length < length + name.length + 1) {
            header = Arrays.copyOf(header, length + MAX_NAME);
        }
        System.arraycopy(name, 0, header, length, name.length);
        length += name.length;
        header[length++] = 0;
        out.write(header, length);
        position += length;
        pad(4);
    }

    private void pad(int alignment) throws IOException {
        long zeros = -position & (alignment - 1);
        out.zeros(zeros);
        position += zeros;
    }

    @Override
    public void end() throws IOException {
        begin();
        for (int field = 0; field < 11; field++) {
            hex(field == 4 ? 1 : 0);
        }
        put(TRAILER);
        pad(BLOCK);
    }
}
