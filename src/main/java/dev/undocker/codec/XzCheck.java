package dev.undocker.codec;

import org.tukaani.xz.check.CRC64;

import java.util.zip.CRC32;

/// How an xz stream's content is checked (The .xz File Format 1.2.1, section 2.1.1.2).
public enum XzCheck {
    /// The only one that the kernel's own decoder knows (`Documentation/staging/xz.rst`).
    CRC32(1, 4),
    /// What xz(1) writes.
    CRC64(4, 8);

    private final int id;
    private final int size;

    XzCheck(int id, int size) {
        this.id = id;
        this.size = size;
    }

    byte[] streamFlags() {
        return new byte[] {0, (byte) id};
    }

    /// In bytes.
    int size() {
        return size;
    }

    /// The check's bytes as a number, to be written little-endian.
    long of(byte[] data, int start, int length) {
        return switch (this) {
            case CRC32 -> {
                CRC32 crc = new CRC32();
                crc.update(data, start, length);
                yield crc.getValue();
            }
            case CRC64 -> {
                CRC64 crc = new CRC64();
                crc.update(data, start, length);
                yield XzFormat.littleEndian(Long.BYTES).put(crc.finish()).getLong(0);
            }
        };
    }
}
