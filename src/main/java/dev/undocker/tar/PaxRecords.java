package dev.undocker.tar;

import dev.undocker.UndockerException;
import dev.undocker.content.FileSlice;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Xattr;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The records of one PAX extended header (POSIX.1-2001 pax, "pax Header Block"): `LENGTH
/// KEY=VALUE\n`, values being arbitrary bytes. Of a repeated key the last record counts; an empty
/// value leaves the header's own field in force.
final class PaxRecords {
    static final PaxRecords NONE = new PaxRecords();

    /// A longer value of an attribute stays where it lies, so that memory does not grow with its
    /// size. Usual ones (capabilities, ACLs, labels) are shorter.
    private static final int LARGE_VALUE = 256;

    private static final String SCHILY_XATTR = "SCHILY.xattr.";
    private static final String LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.";

    private byte @Nullable [] path;
    private byte @Nullable [] linkPath;
    private long size = -1;
    private long uid = -1;
    private long gid = -1;
    private long @Nullable [] mtime;
    private final Map<byte[], Xattr> xattrs = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<byte[], Xattr> libarchiveXattrs = new TreeMap<>(Arrays::compareUnsigned);
    private byte @Nullable [] sparseName;
    private long sparseMajor;
    private long sparseSize = -1;
    private final List<Long> sparseMap = new ArrayList<>();
    private boolean sparse;

    private PaxRecords() {}

    /// @param tar holds the records, from `position` on
    static PaxRecords parse(byte[] bytes, TarSource tar, long position) {
        PaxRecords records = new PaxRecords();
        int at = 0;
        while (at < bytes.length) {
            int blank = at;
            while (blank < bytes.length && bytes[blank] != ' ') {
                blank++;
            }
            long length = TarNumber.decimal(bytes, at, Math.min(blank, bytes.length), "PAX record");
            int end = at + (int) Math.min(length, bytes.length + 1L - at);
            if (end > bytes.length || end <= blank + 1 || bytes[end - 1] != '\n') {
                throw TarNumber.malformed("PAX record");
            }
            int equals = blank + 1;
            while (equals < end && bytes[equals] != '=') {
                equals++;
            }
            if (equals == end || equals == blank + 1) {
                throw TarNumber.malformed("PAX record");
            }
            String key =
                    new String(bytes, blank + 1, equals - blank - 1, StandardCharsets.ISO_8859_1);
            int from = equals + 1;
            if (key.startsWith(SCHILY_XATTR)) {
                byte[] name = xattrName(key.substring(SCHILY_XATTR.length()));
                records.xattrs.put(name, xattr(name, false, bytes, from, end - 1, tar, position));
            } else if (key.startsWith(LIBARCHIVE_XATTR)) {
                byte[] name = percentDecoded(key.substring(LIBARCHIVE_XATTR.length()));
                records.libarchiveXattrs.put(
                        name, xattr(name, true, bytes, from, end - 1, tar, position));
            } else {
                records.take(key, bytes, from, end - 1);
            }
            at = end;
        }
        return records;
    }

    private static Xattr xattr(
            byte[] name,
            boolean base64,
            byte[] bytes,
            int from,
            int end,
            TarSource tar,
            long position) {
        byte[] value =
                base64 ? base64Decoded(bytes, from, end) : Arrays.copyOfRange(bytes, from, end);
        if (value.length < LARGE_VALUE) {
            return new Xattr(name, value);
        }
        FileSlice slice = tar.keep(bytes, from, end - from, position + from);
        Content stored = new Content.Plain(slice.file(), slice.offset(), slice.length());
        return new Xattr(name, stored, base64);
    }

    private void take(String key, byte[] bytes, int from, int end) {
        if (from == end) {
            return;
        }
        switch (key) {
            case "path" -> path = text(bytes, from, end);
            case "linkpath" -> linkPath = text(bytes, from, end);
            case "size" -> size = TarNumber.decimal(bytes, from, end, "PAX size");
            case "uid" -> uid = TarNumber.decimal(bytes, from, end, "PAX uid");
            case "gid" -> gid = TarNumber.decimal(bytes, from, end, "PAX gid");
            case "mtime" -> mtime = TarNumber.time(bytes, from, end);
            case "GNU.sparse.major" -> {
                sparse = true;
                sparseMajor = TarNumber.decimal(bytes, from, end, key);
            }
            case "GNU.sparse.minor" -> {
                if (TarNumber.decimal(bytes, from, end, key) != 0) {
                    throw new UndockerException("unknown version of a GNU sparse member");
                }
            }
            case "GNU.sparse.name" -> sparseName = text(bytes, from, end);
            case "GNU.sparse.realsize", "GNU.sparse.size" -> {
                sparse = true;
                sparseSize = TarNumber.decimal(bytes, from, end, key);
            }
            case "GNU.sparse.offset", "GNU.sparse.numbytes" ->
                    sparseMap.add(TarNumber.decimal(bytes, from, end, key));
            case "GNU.sparse.map" -> commaSeparated(bytes, from, end);
            default -> {
                // every other key says nothing about a root file system
            }
        }
    }

    private void commaSeparated(byte[] bytes, int from, int end) {
        int at = from;
        while (at <= end) {
            int comma = at;
            while (comma < end && bytes[comma] != ',') {
                comma++;
            }
            sparseMap.add(TarNumber.decimal(bytes, at, comma, "GNU.sparse.map"));
            at = comma + 1;
        }
    }

    byte @Nullable [] path() {
        return sparseName != null ? sparseName : path;
    }

    byte @Nullable [] linkPath() {
        return linkPath;
    }

    long sizeOr(long header) {
        return size >= 0 ? size : header;
    }

    long uidOr(long header) {
        return uid >= 0 ? uid : header;
    }

    long gidOr(long header) {
        return gid >= 0 ? gid : header;
    }

    long mtimeSecondsOr(long header) {
        return mtime != null ? mtime[0] : header;
    }

    /// The fraction of a second that a header cannot hold.
    int mtimeNanos() {
        return mtime != null ? (int) mtime[1] : 0;
    }

    /// Sorted by name. The SCHILY form wins over libarchive's.
    List<Xattr> xattrs() {
        if (xattrs.isEmpty() && libarchiveXattrs.isEmpty()) {
            return List.of();
        }
        Map<byte[], Xattr> all = new TreeMap<>(Arrays::compareUnsigned);
        all.putAll(libarchiveXattrs);
        all.putAll(xattrs);
        return List.copyOf(all.values());
    }

    boolean isSparse() {
        return sparse;
    }

    /// True when the sparse map stands in front of the data (version 1.0) instead of in the
    /// records.
    boolean hasSparseMapInData() {
        if (sparseMajor > 1) {
            throw new UndockerException("unknown version of a GNU sparse member");
        }
        return sparseMajor == 1;
    }

    /// The file's size with its holes.
    long sparseSize() {
        if (sparseSize < 0) {
            throw TarNumber.malformed("GNU.sparse.realsize is missing");
        }
        return sparseSize;
    }

    /// Offsets and lengths in turn (versions 0.0 and 0.1).
    List<Long> sparseMap() {
        return sparseMap;
    }

    private static byte[] text(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == 0) {
                throw TarNumber.malformed("PAX record holds a NUL byte");
            }
        }
        return Arrays.copyOfRange(bytes, from, end);
    }

    private static byte[] xattrName(String name) {
        if (name.isEmpty() || name.length() > Xattr.MAX_NAME || name.indexOf('\0') >= 0) {
            throw TarNumber.malformed("name of an extended attribute");
        }
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] percentDecoded(String name) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '%' && i + 2 < name.length()) {
                int high = Character.digit(name.charAt(i + 1), 16);
                int low = Character.digit(name.charAt(i + 2), 16);
                if (high >= 0 && low >= 0) {
                    c = (char) (high << 4 | low);
                    i += 2;
                }
            }
            plain.append(c);
        }
        if (plain.indexOf("=") >= 0) {
            // a PAX key ends at its first '=', so this name cannot be written again
            throw TarNumber.malformed("name of an extended attribute");
        }
        return xattrName(plain.toString());
    }

    private static byte[] base64Decoded(byte[] bytes, int from, int end) {
        try {
            return Base64.getDecoder().decode(Arrays.copyOfRange(bytes, from, end));
        } catch (IllegalArgumentException e) {
            throw TarNumber.malformed("value of an extended attribute", e);
        }
    }
}
