package dev.undocker.tar;

import dev.undocker.UndockerException;
import dev.undocker.content.FileSlice;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.MetadataPool;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;

/// Reads the members of a tar in stream order: V7, ustar, GNU and PAX headers (tar(5), POSIX.1-2001
/// pax). Content is located, not read. Not thread-safe; the slice stays its owner's.
///
/// What is malformed is refused, since a reader that guesses can be made to see other members than
/// the next one does. An archive may end with two zero blocks, one, or none; what follows the zero
/// blocks is ignored.
public final class TarReader {
    /// What archives consist of, in bytes.
    public static final int BLOCK = HeaderBlock.SIZE;

    /// As Go's archive/tar: larger extended headers serve only to exhaust memory. So this much a
    /// member's names and extended attributes can be together.
    private static final int MAX_EXTENDED_HEADER = 1 << 20;

    private static final byte[] EMPTY = new byte[0];
    private static final Content NO_CONTENT = new Content.Generated(EMPTY);
    private static final long MAX_ID = (1L << 32) - 2;

    private final TarWindow window;
    private final HeaderBlock header = new HeaderBlock();
    private final MetadataPool known = new MetadataPool();
    private long position;
    private long dataEnd;
    private boolean ended;

    /// Whether an archive with something in it can begin so.
    ///
    /// @param block the first one; what is shorter is for the reader to complain about
    public static boolean isBeginning(byte[] block) {
        HeaderBlock first = new HeaderBlock();
        first.at(block, 0);
        return block.length < BLOCK || first.isHeader();
    }

    public TarReader(FileSlice tar) {
        this(TarSource.of(tar));
    }

    /// Of a source that does not know its end yet, a truncated last member is given, and refused
    /// when the next one is asked for.
    public TarReader(TarSource tar) {
        window = new TarWindow(tar);
    }

    /// The next member, or null at the end.
    ///
    /// @throws UndockerException when the archive is malformed or truncated
    public @Nullable TarMember next() throws IOException {
        PaxRecords pax = PaxRecords.NONE;
        byte[] longName = null;
        byte[] longLink = null;
        boolean pending = false;
        while (!ended) {
            if (!readHeader(pending)) {
                ended = true;
                break;
            }
            switch (header.typeFlag()) {
                case 'x' -> {
                    long start = position;
                    pax = PaxRecords.parse(extendedHeader(), window.tar(), start);
                }
                case 'g' -> {
                    // a global header speaks of defaults, which no unpacker of layers applies
                    skip(header.size());
                    continue;
                }
                case 'L' -> longName = untilNul(extendedHeader());
                case 'K' -> longLink = untilNul(extendedHeader());
                default -> {
                    return member(pax, longName, longLink);
                }
            }
            pending = true;
        }
        return null;
    }

    /// @param required true when an extended header has announced a member
    private boolean readHeader(boolean required) throws IOException {
        int offset = window.block(position);
        if (offset < 0) {
            long end = window.tar().limit();
            if (required || position < end || dataEnd > end) {
                throw truncated();
            }
            return false;
        }
        header.at(window.bytes(), offset);
        if (header.isZero()) {
            int second = window.block(position + HeaderBlock.SIZE);
            if (second >= 0) {
                header.at(window.bytes(), second);
                if (!header.isZero()) {
                    throw new UndockerException("malformed tar: one zero block between members");
                }
            }
            if (required) {
                throw truncated();
            }
            return false;
        }
        header.verifyChecksum();
        position += HeaderBlock.SIZE;
        return true;
    }

    private TarMember member(PaxRecords pax, byte @Nullable [] longName, byte @Nullable [] longLink)
            throws IOException {
        byte[] name = first(pax.path(), longName, header.name());
        char flag = header.typeFlag();
        TarMember.Type type =
                switch (flag) {
                    // before ustar a directory was told by its slash; GNU tar still reads it so
                    case '0', '\0' ->
                            name.length > 0 && name[name.length - 1] == '/'
                                    ? TarMember.Type.DIRECTORY
                                    : TarMember.Type.REGULAR;
                    case '7', 'S' -> TarMember.Type.REGULAR;
                    case '1' -> TarMember.Type.HARD_LINK;
                    case '2' -> TarMember.Type.SYMLINK;
                    case '3' -> TarMember.Type.CHARACTER_DEVICE;
                    case '4' -> TarMember.Type.BLOCK_DEVICE;
                    case '5' -> TarMember.Type.DIRECTORY;
                    case '6' -> TarMember.Type.FIFO;
                    default ->
                            throw new UndockerException(
                                    "%s: tar member of unknown type %s"
                                            .formatted(
                                                    RootfsPath.printable(name),
                                                    RootfsPath.printable(
                                                            new byte[] {(byte) flag})));
                };
        Metadata metadata =
                known.shared(
                        new Metadata(
                                header.mode(),
                                id(pax.uidOr(header.uid())),
                                id(pax.gidOr(header.gid())),
                                pax.mtimeSecondsOr(header.mtime()),
                                pax.mtimeNanos(),
                                pax.xattrs()));
        byte[] linkName =
                switch (type) {
                    case HARD_LINK, SYMLINK -> first(pax.linkPath(), longLink, header.linkName());
                    default -> EMPTY;
                };
        boolean device =
                type == TarMember.Type.CHARACTER_DEVICE || type == TarMember.Type.BLOCK_DEVICE;
        int major = device ? header.deviceMajor() : 0;
        int minor = device ? header.deviceMinor() : 0;
        long size = pax.sizeOr(header.size());
        Content content =
                switch (flag) {
                    case 'S' -> oldGnuSparse(size);
                    case '0', '7' -> regular(pax, size);
                    // as Go's archive/tar: what a slash makes a directory here has no data
                    case '\0' -> type == TarMember.Type.DIRECTORY ? NO_CONTENT : regular(pax, size);
                    // for all other types no data follows, whatever the size field says
                    default -> NO_CONTENT;
                };
        return new TarMember(
                name,
                type,
                linkName,
                metadata,
                type == TarMember.Type.REGULAR ? content : NO_CONTENT,
                major,
                minor);
    }

    private Content regular(PaxRecords pax, long size) throws IOException {
        if (!pax.isSparse()) {
            FileSlice data = data(size);
            return new Content.Plain(data.file(), data.offset(), data.length());
        }
        long real = pax.sparseSize();
        if (!pax.hasSparseMapInData()) {
            return SparseMap.of(pax.sparseMap()).content(data(size), real);
        }
        long start = position;
        FileSlice all = data(size);
        SparseMap map = new SparseMap();
        long used = leadingMap(start, all.length(), map);
        return map.content(all.slice(used, all.length() - used), real);
    }

    /// Version 1.0: the number of pairs, then the numbers, one decimal a line, padded to a block.
    private long leadingMap(long start, long length, SparseMap map) throws IOException {
        long at = start;
        long end = start + length;
        byte[] digits = new byte[20];
        int count = 0;
        long pairs = -1;
        long offset = -1;
        while (pairs != 0) {
            int block = at < end ? window.block(at) : -1;
            if (block < 0) {
                throw TarNumber.malformed("sparse map");
            }
            at += HeaderBlock.SIZE;
            for (int i = block; i < block + HeaderBlock.SIZE && pairs != 0; i++) {
                byte b = window.bytes()[i];
                if (b != '\n') {
                    if (count == 1 && digits[0] == '0') {
                        // a leading zero says nothing and takes no place
                        count = 0;
                    }
                    if (count == digits.length) {
                        throw TarNumber.malformed("sparse map");
                    }
                    digits[count++] = b;
                    continue;
                }
                long number = TarNumber.decimal(digits, 0, count, "sparse map");
                count = 0;
                if (pairs < 0) {
                    pairs = number;
                } else if (offset < 0) {
                    offset = number;
                } else {
                    map.add(offset, number);
                    offset = -1;
                    pairs--;
                }
            }
        }
        if (at > end) {
            throw TarNumber.malformed("sparse map");
        }
        return at - start;
    }

    private Content oldGnuSparse(long size) throws IOException {
        SparseMap map = new SparseMap();
        long real = header.sparseRealSize();
        boolean extended = header.flag(482);
        addPairs(map, 386, 4);
        while (extended) {
            int block = window.block(position);
            if (block < 0) {
                throw truncated();
            }
            header.at(window.bytes(), block);
            addPairs(map, 0, 21);
            extended = header.flag(504);
            position += HeaderBlock.SIZE;
        }
        return map.content(data(size), real);
    }

    private void addPairs(SparseMap map, int offset, int count) {
        for (int i = 0; i < count; i++) {
            long[] pair = header.sparsePair(offset + 24 * i);
            if (pair == null) {
                return;
            }
            map.add(pair[0], pair[1]);
        }
    }

    /// The member's data at the position, which moves past it and its padding.
    private FileSlice data(long size) {
        long left = window.tar().limit() - position;
        if (size < 0) {
            throw TarNumber.malformed("size");
        }
        if (size > left) {
            throw truncated();
        }
        FileSlice data = window.tar().slice(position, size);
        dataEnd = position + size;
        skipPadded(size);
        return data;
    }

    private void skip(long size) {
        data(size);
    }

    private byte[] extendedHeader() throws IOException {
        long size = header.size();
        if (size < 0 || size > MAX_EXTENDED_HEADER) {
            throw TarNumber.malformed("extended header of %d bytes".formatted(size));
        }
        byte[] bytes = window.copy(position, (int) size);
        if (bytes == null) {
            throw truncated();
        }
        skipPadded(size);
        return bytes;
    }

    /// The last member's padding may be missing.
    private void skipPadded(long size) {
        long left = window.tar().limit() - position;
        long padding = -size & (HeaderBlock.SIZE - 1);
        position += size + Math.min(padding, left - size);
    }

    private static long id(long number) {
        if (number < 0 || number > MAX_ID) {
            throw TarNumber.malformed("uid or gid " + number);
        }
        return number;
    }

    private static byte[] untilNul(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    private static byte[] first(byte @Nullable [] pax, byte @Nullable [] gnu, byte[] header) {
        return pax != null ? pax : gnu != null ? gnu : header;
    }

    private static UndockerException truncated() {
        return new UndockerException("truncated tar");
    }
}
