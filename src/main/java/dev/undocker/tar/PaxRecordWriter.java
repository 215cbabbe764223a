package dev.undocker.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Collects PAX records; each begins with its own length, which counts itself. Reused.
final class PaxRecordWriter {
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();

    void clear() {
        records.reset();
    }

    int length() {
        return records.size();
    }

    void copyTo(byte[] target, int offset) {
        byte[] all = records.toByteArray();
        System.arraycopy(all, 0, target, offset, all.length);
    }

    void add(String key, long value) {
        add(key, new byte[0], Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }

    /// Seconds with a fraction as short as possible. Before 1970 the fraction counts away from
    /// zero, as POSIX writes decimal numbers.
    void addTime(String key, long seconds, int nanos) {
        boolean negative = seconds < 0;
        long whole = negative && nanos != 0 ? -(seconds + 1) : Math.abs(seconds);
        int fraction = negative && nanos != 0 ? 1_000_000_000 - nanos : nanos;
        StringBuilder text = new StringBuilder();
        if (negative) {
            text.append('-');
        }
        text.append(whole);
        if (fraction != 0) {
            String digits = Integer.toString(1_000_000_000 + fraction).substring(1);
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            text.append('.').append(digits, 0, end);
        }
        add(key, new byte[0], text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    void add(String key, byte[] suffix, byte[] value) {
        int payload = key.length() + suffix.length + value.length + 3;
        int length = payload + 1;
        while (payload + Integer.toString(length).length() != length) {
            length = payload + Integer.toString(length).length();
        }
        records.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
        records.write(' ');
        records.writeBytes(key.getBytes(StandardCharsets.US_ASCII));
        records.writeBytes(suffix);
        records.write('=');
        records.writeBytes(value);
        records.write('\n');
    }
}
