package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One tar member in the making: what [LayerBuilder] was told, and its bytes. Text stands for
/// bytes, one character each (ISO 8859-1), so that every name can be written down in a test.
final class RawMember {
    static final int BLOCK = 512;

    /// A field of the header that a test overwrites.
    record Patch(int offset, byte[] bytes) {}

    /// One record of a PAX header; keys may repeat.
    record Record(String key, String value) {}

    char type;
    String name;
    String link = "";
    int mode;
    long uid;
    long gid;
    long mtime;
    int nanos;
    int major;
    int minor;

    /// What follows the header.
    byte[] data = {};

    /// What a reader should see; differs from `data` for sparse members.
    byte[] content = {};

    /// The size field, where it shall differ from the data's length.
    Long size;

    String magic = "ustar\00000";
    String prefix = "";
    boolean gnuLongNames;
    boolean wrongChecksum;
    boolean signedChecksum;
    boolean withoutPadding;
    final Map<String, String> xattrs = new LinkedHashMap<>();
    final List<Record> pax = new ArrayList<>();
    final List<Patch> patches = new ArrayList<>();

    RawMember(char type, String name, int mode) {
        this.type = type;
        this.name = name;
        this.mode = mode;
    }

    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (gnuLongNames) {
            if (link.length() > 100) {
                out.writeBytes(gnuLong('K', link));
            }
            if (name.length() > 100) {
                out.writeBytes(gnuLong('L', name));
            }
        }
        byte[] records = paxRecords();
        if (records.length > 0) {
            out.writeBytes(extended('x', records));
        }
        out.writeBytes(header());
        out.writeBytes(data);
        if (!withoutPadding) {
            out.writeBytes(new byte[-data.length & (BLOCK - 1)]);
        }
        return out.toByteArray();
    }

    private byte[] paxRecords() {
        List<Record> all = new ArrayList<>(pax);
        if (!gnuLongNames && prefix.isEmpty() && name.length() > 100) {
            all.add(new Record("path", name));
        }
        if (!gnuLongNames && link.length() > 100) {
            all.add(new Record("linkpath", link));
        }
        if (nanos != 0) {
            all.add(new Record("mtime", time(mtime, nanos)));
        }
        xattrs.forEach((key, value) -> all.add(new Record("SCHILY.xattr." + key, value)));
        return records(all);
    }

    /// Seconds with a fraction; before 1970 the fraction counts backwards.
    static String time(long seconds, int nanos) {
        return seconds >= 0
                ? "%d.%09d".formatted(seconds, nanos)
                : "-%d.%09d".formatted(-seconds - 1, 1_000_000_000 - nanos);
    }

    static byte[] records(List<Record> records) {
        StringBuilder text = new StringBuilder();
        for (Record record : records) {
            String rest = " " + record.key + "=" + record.value + "\n";
            int length = rest.length();
            while (length != rest.length() + Integer.toString(length).length()) {
                length = rest.length() + Integer.toString(length).length();
            }
            text.append(length).append(rest);
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    static byte[] extended(char type, byte[] records) {
        RawMember member = new RawMember(type, "PaxHeaders/x", 0644);
        member.data = records;
        return member.toBytes();
    }

    private static byte[] gnuLong(char type, String text) {
        RawMember member = new RawMember(type, "././@LongLink", 0644);
        member.data = (text + "\0").getBytes(ISO_8859_1);
        member.magic = "ustar  \0";
        return member.toBytes();
    }

    private byte[] header() {
        byte[] header = new byte[BLOCK];
        put(header, 0, 100, name);
        number(header, 100, 8, mode);
        number(header, 108, 8, uid);
        number(header, 116, 8, gid);
        number(header, 124, 12, size != null ? size : data.length);
        number(header, 136, 12, mtime);
        header[156] = (byte) type;
        put(header, 157, 100, link);
        put(header, 257, 8, magic);
        if (type == '3' || type == '4') {
            number(header, 329, 8, major);
            number(header, 337, 8, minor);
        }
        put(header, 345, 155, prefix);
        for (Patch patch : patches) {
            System.arraycopy(patch.bytes, 0, header, patch.offset, patch.bytes.length);
        }
        checksum(header);
        return header;
    }

    private void checksum(byte[] header) {
        if (patches.stream().anyMatch(patch -> patch.offset == 148)) {
            return;
        }
        Arrays.fill(header, 148, 156, (byte) ' ');
        long sum = wrongChecksum ? 1 : 0;
        for (byte b : header) {
            sum += signedChecksum ? b : b & 0xff;
        }
        put(header, 148, 8, "%06o\0 ".formatted(sum));
    }

    private static void put(byte[] header, int offset, int length, String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        System.arraycopy(bytes, 0, header, offset, Math.min(length, bytes.length));
    }

    /// Octal where it fits, else GNU's base-256.
    private static void number(byte[] header, int offset, int length, long value) {
        if (value >= 0 && value < 1L << 3 * (length - 1)) {
            put(header, offset, length, ("%0" + (length - 1) + "o").formatted(value));
            return;
        }
        long rest = value;
        for (int i = offset + length - 1; i >= offset; i--) {
            header[i] = (byte) rest;
            rest >>= 8;
        }
        header[offset] |= (byte) 0x80;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(type).append(' ').append(name);
        switch (type) {
            case '1' -> text.append(" => ").append(link);
            case '2' -> text.append(" -> ").append(link);
            case '3', '4' -> text.append(' ').append(major).append(':').append(minor);
            case '0' -> text.append(" \"").append(new String(content, ISO_8859_1)).append('"');
            default -> {
                // the name says it all
            }
        }
        text.append(" %04o %d:%d %d.%09d".formatted(mode, uid, gid, mtime, nanos));
        return text + (xattrs.isEmpty() ? "" : " " + xattrs);
    }
}
