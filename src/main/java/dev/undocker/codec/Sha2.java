package dev.undocker.codec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash functions of FIPS 180-4 that digests of images use.
public enum Sha2 {
    SHA256("SHA-256", 32),
    SHA512("SHA-512", 64);

    private final String javaName;
    private final int length;

    Sha2(String javaName, int length) {
        this.javaName = javaName;
        this.length = length;
    }

    /// Begins to digest.
    ///
    /// @param expected about how many bytes will come: a faster digest may take long to begin
    public MessageDigest begin(long expected) {
        Libcrypto library = Libcrypto.worthFor(expected);
        return library != null ? library.digest(this) : inJava();
    }

    /// Of a digest, in bytes.
    public int length() {
        return length;
    }

    MessageDigest inJava() {
        try {
            return MessageDigest.getInstance(javaName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The name that Java has for it.
    @Override
    public String toString() {
        return javaName;
    }
}
