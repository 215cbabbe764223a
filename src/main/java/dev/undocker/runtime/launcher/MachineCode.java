package dev.undocker.runtime.launcher;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Instructions one after the other.
final class MachineCode {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    MachineCode add(byte[] instructions) {
        bytes.writeBytes(instructions);
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    /// Instructions given byte by byte.
    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /// Instructions of 32 bits each, little-endian.
    static byte[] words(int... values) {
        ByteBuffer buffer =
                ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    /// The distance of a jump over `code` that has one signed byte for it.
    static int shortJump(byte[] code) {
        if (code.length > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("jump over " + code.length + " bytes");
        }
        return code.length;
    }

    static byte[] concat(byte[]... parts) {
        MachineCode code = new MachineCode();
        for (byte[] part : parts) {
            code.add(part);
        }
        return code.toBytes();
    }
}
