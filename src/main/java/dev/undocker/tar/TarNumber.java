package dev.undocker.tar;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

/// Numbers in header fields: octal text, or GNU's base-256 when the first bit is set (tar(5)); and
/// decimal text in PAX records.
final class TarNumber {
    private TarNumber() {}

    static long parse(byte[] bytes, int offset, int length, String field) {
        return (bytes[offset] & 0x80) != 0
                ? base256(bytes, offset, length, field)
                : octal(bytes, offset, length, field);
    }

    private static long octal(byte[] bytes, int offset, int length, String field) {
        int at = offset;
        int end = offset + length;
        while (at < end && (bytes[at] == ' ' || bytes[at] == 0)) {
            at++;
        }
        long value = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '7') {
            value = value << 3 | (bytes[at] - '0');
            at++;
        }
        while (at < end && (bytes[at] == ' ' || bytes[at] == 0)) {
            at++;
        }
        if (at != end) {
            throw malformed(field);
        }
        return value;
    }

    private static long base256(byte[] bytes, int offset, int length, String field) {
        boolean negative = (bytes[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            // the marker bit goes; what is left of the first byte is sign-extended
            int digit =
                    i == 0
                            ? (bytes[offset] & 0x7f) | (negative ? 0x80 : 0)
                            : bytes[offset + i] & 0xff;
            if (value < -(1L << 54) || value >= 1L << 54) {
                throw malformed(field);
            }
            value = value << 8 | digit;
        }
        return value;
    }

    /// A decimal number of a PAX record or sparse map: digits only, at most 18 of them after
    /// leading zeros.
    static long decimal(byte[] bytes, int from, int end, String field) {
        long value = decimalOrMinusOne(bytes, from, end);
        if (value < 0) {
            throw malformed(field);
        }
        return value;
    }

    private static long decimalOrMinusOne(byte[] bytes, int from, int end) {
        int first = from;
        while (first < end - 1 && bytes[first] == '0') {
            first++;
        }
        if (first >= end || end - first > 18) {
            return -1;
        }
        long value = 0;
        for (int i = first; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return -1;
            }
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    /// A PAX time: seconds with an optional sign and fraction; digits after the ninth are cut off.
    ///
    /// @return seconds and nanoseconds, the latter never negative
    static long[] time(byte[] bytes, int from, int end) {
        int at = from;
        boolean negative = at < end && bytes[at] == '-';
        if (negative) {
            at++;
        }
        int dot = at;
        while (dot < end && bytes[dot] != '.') {
            dot++;
        }
        long seconds = decimal(bytes, at, dot, "PAX mtime");
        long nanos = 0;
        long unit = 100_000_000;
        for (int i = dot + 1; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                throw malformed("PAX mtime");
            }
            nanos += (bytes[i] - '0') * unit;
            unit /= 10;
        }
        if (!negative) {
            return new long[] {seconds, nanos};
        }
        return nanos == 0
                ? new long[] {-seconds, 0}
                : new long[] {-seconds - 1, 1_000_000_000 - nanos};
    }

    static UndockerException malformed(String field) {
        return malformed(field, null);
    }

    static UndockerException malformed(String field, @Nullable Throwable cause) {
        return new UndockerException("malformed tar header: " + field, cause);
    }
}
