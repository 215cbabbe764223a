package dev.undocker.rootfs;

import java.util.Arrays;

/// One extended attribute: a name with its namespace (`user.x`, `security.capability`) and a value,
/// both bytes. The arrays belong to the attribute and are never written again.
public record Xattr(byte[] name, byte[] value) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Xattr(byte[] otherName, byte[] otherValue)
                && Arrays.equals(name, otherName)
                && Arrays.equals(value, otherValue);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(name) + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return new String(name, java.nio.charset.StandardCharsets.ISO_8859_1)
                + "="
                + value.length
                + " bytes";
    }
}
