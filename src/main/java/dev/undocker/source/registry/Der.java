package dev.undocker.source.registry;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Walks over elements in DER (X.690), as far as it takes to find a name in a certificate without
/// Java's parser, which needs a millisecond for each.
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    private static final int LONG_FORM = 0x80;

    private final byte[] bytes;
    private final int end;
    private int at;

    private Der(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    static Der of(byte[] bytes) {
        return new Der(bytes, 0, bytes.length);
    }

    /// An element of these parts, one after the other.
    static byte[] element(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < LONG_FORM) {
            out.write(length);
        } else {
            out.write(LONG_FORM | 2);
            out.write(length >> Byte.SIZE);
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /// The tag of the element that is next.
    int tag() {
        return byteAt(at);
    }

    /// What is inside the next element. This goes on behind it.
    ///
    /// @throws IllegalArgumentException when there is none
    Der enter() {
        byteAt(at);
        int length = byteAt(at + 1);
        int content = at + 2;
        if (length >= LONG_FORM) {
            int octets = length - LONG_FORM;
            if (octets == 0 || octets > 3) {
                throw new IllegalArgumentException("length");
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = length << Byte.SIZE | byteAt(content++);
            }
        }
        if (length > end - content) {
            throw new IllegalArgumentException("truncated");
        }
        at = content + length;
        return new Der(bytes, content, at);
    }

    /// The next element with its tag and length.
    byte[] next() {
        int start = at;
        enter();
        return Arrays.copyOfRange(bytes, start, at);
    }

    private int byteAt(int index) {
        if (index >= end) {
            throw new IllegalArgumentException("truncated");
        }
        return Byte.toUnsignedInt(bytes[index]);
    }
}
