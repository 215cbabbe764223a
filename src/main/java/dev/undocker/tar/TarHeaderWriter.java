package dev.undocker.tar;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes the header of one member: a ustar header (POSIX.1-1988), in front of which a PAX extended
/// header stands where ustar cannot say it all. The bytes depend on the entry alone. Numbers that
/// do not fit stand in the PAX record and, for readers without PAX, as base-256 in the field.
///
/// Owner and group names are left empty, so that extracting never maps them to the host's ids.
/// Mutable and reused: each call replaces the last header. Not thread-safe.
public final class TarHeaderWriter {
    private static final byte[] MAGIC = {'u', 's', 't', 'a', 'r', 0, '0', '0'};
    private static final byte[] PAX_NAME = "././@PaxHeader".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = new byte[0];
    private static final int BLOCK = HeaderBlock.SIZE;
    private static final int NAME_LENGTH = 100;
    private static final int PREFIX_LENGTH = 155;
    private static final long MAX_ID = 07777777;
    private static final long MAX_LONG = 077777777777L;

    private final boolean dotPrefix;
    private final PaxRecordWriter pax = new PaxRecordWriter();
    private byte[] bytes = new byte[4 * BLOCK];
    private int length;

    /// @param dotPrefix true to write names as `./a`, false as `a`; the root is `./` in any case
    public TarHeaderWriter(boolean dotPrefix) {
        this.dotPrefix = dotPrefix;
    }

    /// The array that holds the last header, until the next call.
    public byte[] bytes() {
        return bytes;
    }

    /// The last header's length, a multiple of 512.
    public int length() {
        return length;
    }

    /// Encodes the header of an entry.
    public void write(RootfsEntry entry) {
        switch (entry) {
            case RootfsEntry.HardLink link -> {
                // some unpackers apply a link's metadata to the inode, so it says the same again
                Metadata metadata = link.inode().metadata();
                header(link.path(), '1', name(link.target(), false), metadata, 0, 0, 0, false);
            }
            case RootfsEntry.Node(RootfsPath path, Inode inode) -> node(path, inode);
        }
    }

    private void node(RootfsPath path, Inode inode) {
        Metadata metadata = inode.metadata();
        switch (inode) {
            case Inode.Directory directory -> header(path, '5', EMPTY, metadata, 0, 0, 0, true);
            case Inode.RegularFile file ->
                    header(path, '0', EMPTY, metadata, file.content().size(), 0, 0, true);
            case Inode.Symlink link -> header(path, '2', link.target(), metadata, 0, 0, 0, true);
            case Inode.CharacterDevice device ->
                    header(path, '3', EMPTY, metadata, 0, device.major(), device.minor(), true);
            case Inode.BlockDevice device ->
                    header(path, '4', EMPTY, metadata, 0, device.major(), device.minor(), true);
            case Inode.Fifo fifo -> header(path, '6', EMPTY, metadata, 0, 0, 0, true);
        }
    }

    private byte[] name(RootfsPath path, boolean directory) {
        if (path.isRoot()) {
            return new byte[] {'.', '/'};
        }
        int lead = dotPrefix ? 2 : 0;
        byte[] name = new byte[lead + path.length() + (directory ? 1 : 0)];
        if (dotPrefix) {
            name[0] = '.';
            name[1] = '/';
        }
        path.copyTo(name, lead);
        if (directory) {
            name[name.length - 1] = '/';
        }
        return name;
    }

    private void header(
            RootfsPath path,
            char type,
            byte[] linkName,
            Metadata metadata,
            long size,
            int major,
            int minor,
            boolean xattrs) {
        byte[] name = name(path, type == '5');
        int split = split(name);
        pax.clear();
        // sorted by key
        if (xattrs) {
            for (Xattr xattr : metadata.xattrs()) {
                pax.add("SCHILY.xattr.", xattr.name(), xattr.value());
            }
        }
        if (metadata.gid() > MAX_ID) {
            pax.add("gid", metadata.gid());
        }
        if (linkName.length > NAME_LENGTH) {
            pax.add("linkpath", EMPTY, linkName);
        }
        if (metadata.mtimeNanos() != 0
                || metadata.mtimeSeconds() < 0
                || metadata.mtimeSeconds() > MAX_LONG) {
            pax.addTime("mtime", metadata.mtimeSeconds(), metadata.mtimeNanos());
        }
        if (split < 0) {
            pax.add("path", EMPTY, name);
        }
        if (size > MAX_LONG) {
            pax.add("size", size);
        }
        if (metadata.uid() > MAX_ID) {
            pax.add("uid", metadata.uid());
        }
        int start = pax.length() == 0 ? 0 : 2 * BLOCK + padded(pax.length()) - BLOCK;
        length = start + BLOCK;
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
        }
        Arrays.fill(bytes, 0, length, (byte) 0);
        if (start > 0) {
            extendedHeader();
        }
        field(start, split < 0 ? Arrays.copyOf(name, NAME_LENGTH) : name, Math.max(0, split));
        number(start + 100, 8, metadata.mode());
        number(start + 108, 8, metadata.uid());
        number(start + 116, 8, metadata.gid());
        number(start + 124, 12, size);
        number(start + 136, 12, metadata.mtimeSeconds());
        bytes[start + 156] = (byte) type;
        System.arraycopy(linkName, 0, bytes, start + 157, Math.min(linkName.length, NAME_LENGTH));
        System.arraycopy(MAGIC, 0, bytes, start + 257, MAGIC.length);
        number(start + 329, 8, major);
        number(start + 337, 8, minor);
        checksum(start);
    }

    private void extendedHeader() {
        field(0, PAX_NAME, 0);
        number(100, 8, 0644);
        number(108, 8, 0);
        number(116, 8, 0);
        number(124, 12, pax.length());
        number(136, 12, 0);
        bytes[156] = 'x';
        System.arraycopy(MAGIC, 0, bytes, 257, MAGIC.length);
        number(329, 8, 0);
        number(337, 8, 0);
        checksum(0);
        pax.copyTo(bytes, BLOCK);
    }

    /// Where the name can be cut at a slash so that both parts fit: 0 when it fits whole, −1 when
    /// it does not fit at all.
    private static int split(byte[] name) {
        if (name.length <= NAME_LENGTH) {
            return 0;
        }
        if (name.length > NAME_LENGTH + 1 + PREFIX_LENGTH) {
            return -1;
        }
        // neither part may be empty, and a directory's own slash is no place to cut
        for (int i = Math.min(PREFIX_LENGTH, name.length - 2);
                i >= name.length - NAME_LENGTH - 1;
                i--) {
            if (i > 0 && name[i] == '/') {
                return i;
            }
        }
        return -1;
    }

    private void field(int start, byte[] name, int split) {
        if (split == 0) {
            System.arraycopy(name, 0, bytes, start, name.length);
        } else {
            System.arraycopy(name, 0, bytes, start + 345, split);
            System.arraycopy(name, split + 1, bytes, start, name.length - split - 1);
        }
    }

    private void number(int offset, int width, long value) {
        if (value >= 0 && value < 1L << (3 * (width - 1))) {
            long rest = value;
            for (int i = offset + width - 2; i >= offset; i--) {
                bytes[i] = (byte) ('0' + (rest & 7));
                rest >>>= 3;
            }
            return;
        }
        long rest = value;
        for (int i = offset + width - 1; i > offset; i--) {
            bytes[i] = (byte) rest;
            rest >>= 8;
        }
        bytes[offset] = (byte) (value < 0 ? 0xff : 0x80);
    }

    private void checksum(int start) {
        int sum = 8 * ' ';
        for (int i = start; i < start + BLOCK; i++) {
            sum += bytes[i] & 0xff;
        }
        for (int i = 5; i >= 0; i--) {
            bytes[start + 148 + i] = (byte) ('0' + (sum & 7));
            sum >>>= 3;
        }
        bytes[start + 155] = ' ';
    }

    private static int padded(int size) {
        return size + (-size & (BLOCK - 1));
    }
}
