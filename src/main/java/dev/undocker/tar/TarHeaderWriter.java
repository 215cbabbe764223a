package dev.undocker.tar;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.nio.charset.StandardCharsets;

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
    private static final byte[] ZEROS = new byte[BLOCK];
    private static final int NAME_LENGTH = 100;
    private static final int PREFIX_LENGTH = 155;
    private static final long MAX_ID = 07777777;
    private static final long MAX_LONG = 077777777777L;

    private final boolean dotPrefix;
    private final PaxRecordWriter pax = new PaxRecordWriter();
    private byte[] bytes = new byte[4 * BLOCK];
    private int length;
    private int block;
    private int sum;

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
        if (start > 0) {
            extendedHeader(start);
        }
        begin(start);
        if (split > 0) {
            text(345, name, 0, split);
            text(0, name, split + 1, name.length);
        } else {
            text(0, name, 0, Math.min(name.length, NAME_LENGTH));
        }
        number(100, 8, metadata.mode());
        number(108, 8, metadata.uid());
        number(116, 8, metadata.gid());
        number(124, 12, size);
        number(136, 12, metadata.mtimeSeconds());
        put(156, type);
        text(157, linkName, 0, Math.min(linkName.length, NAME_LENGTH));
        text(257, MAGIC, 0, MAGIC.length);
        number(329, 8, major);
        number(337, 8, minor);
        checksum();
    }

    /// @param end where the header proper follows
    private void extendedHeader(int end) {
        begin(0);
        text(0, PAX_NAME, 0, PAX_NAME.length);
        number(100, 8, 0644);
        number(108, 8, 0);
        number(116, 8, 0);
        number(124, 12, pax.length());
        number(136, 12, 0);
        put(156, 'x');
        text(257, MAGIC, 0, MAGIC.length);
        number(329, 8, 0);
        number(337, 8, 0);
        checksum();
        System.arraycopy(ZEROS, 0, bytes, end - BLOCK, BLOCK);
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

    /// Begins a header block at `start` of the array; the fields' offsets count from there.
    private void begin(int start) {
        System.arraycopy(ZEROS, 0, bytes, start, BLOCK);
        block = start;
        sum = 8 * ' ';
    }

    /// All bytes of a block come through here, each once, since the checksum is their sum.
    private void put(int offset, int value) {
        bytes[block + offset] = (byte) value;
        sum += value & 0xff;
    }

    private void text(int offset, byte[] text, int from, int end) {
        for (int i = from; i < end; i++) {
            put(offset + i - from, text[i]);
        }
    }

    private void number(int offset, int width, long value) {
        if (value >= 0 && value < 1L << (3 * (width - 1))) {
            long rest = value;
            for (int i = offset + width - 2; i >= offset; i--) {
                put(i, (int) ('0' + (rest & 7)));
                rest >>>= 3;
            }
            return;
        }
        long rest = value;
        for (int i = offset + width - 1; i > offset; i--) {
            put(i, (int) rest);
            rest >>= 8;
        }
        put(offset, value < 0 ? 0xff : 0x80);
    }

    private void checksum() {
        int rest = sum;
        for (int i = 5; i >= 0; i--) {
            bytes[block + 148 + i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
        bytes[block + 155] = ' ';
    }

    private static int padded(int size) {
        return size + (-size & (BLOCK - 1));
    }
}
