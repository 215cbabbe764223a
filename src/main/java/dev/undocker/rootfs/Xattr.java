package dev.undocker.rootfs;

import dev.undocker.UndockerException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/// One extended attribute: a name with its namespace (`user.x`, `security.capability`) and a value,
/// both bytes. The arrays belong to the attribute and are never written again.
///
/// @param name at most [#MAX_NAME] bytes
/// @param stored the value where it lies: a large one is read when it is needed
/// @param base64 true when it lies there in base 64
public record Xattr(byte[] name, Content stored, boolean base64) {
    /// What Linux takes: `XATTR_NAME_MAX` in `include/uapi/linux/limits.h`.
    public static final int MAX_NAME = 255;

    /// One with a value in memory.
    public Xattr(byte[] name, byte[] value) {
        this(name, new Content.Generated(value), false);
    }

    /// The value.
    ///
    /// @throws UndockerException when it cannot be read any more
    public byte[] value() {
        if (stored instanceof Content.Generated(byte[] data)) {
            return data;
        }
        try {
            byte[] bytes = Objects.requireNonNull(stored.bytes(Integer.MAX_VALUE));
            return base64 ? Base64.getDecoder().decode(bytes) : bytes;
        } catch (IOException e) {
            throw UndockerException.because(
                    "cannot read the extended attribute " + RootfsPath.printable(name), e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Xattr xattr
                && Arrays.equals(name, xattr.name)
                && Arrays.equals(value(), xattr.value());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name);
    }

    @Override
    public String toString() {
        return new String(name, StandardCharsets.ISO_8859_1) + "=" + value().length + " bytes";
    }
}
