package dev.undocker.image;

import dev.undocker.UndockerException;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A digest as image-spec writes it (`descriptor.md#digests`): `sha256:` or `sha512:` and
/// lower-case hex of the right length. Everything else is refused, so a digest is safe as a file
/// name.
public record Digest(Algorithm algorithm, String hex) {
    /// The two algorithms that image-spec registers.
    public enum Algorithm {
        SHA256("sha256", "SHA-256", 64),
        SHA512("sha512", "SHA-512", 128);

        private final String word;
        private final String javaName;
        private final int hexLength;

        Algorithm(String word, String javaName, int hexLength) {
            this.word = word;
            this.javaName = javaName;
            this.hexLength = hexLength;
        }

        /// The name in front of the colon.
        public String word() {
            return word;
        }

        public MessageDigest newMessageDigest() {
            try {
                return MessageDigest.getInstance(javaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public Digest {
        if (hex.length() != algorithm.hexLength
                || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new UndockerException("%s:%s: not a digest".formatted(algorithm.word, hex));
        }
    }

    public static Digest parse(String text) {
        for (Algorithm algorithm : Algorithm.values()) {
            if (text.startsWith(algorithm.word + ":")) {
                return new Digest(algorithm, text.substring(algorithm.word.length() + 1));
            }
        }
        throw new UndockerException(
                "%s: not a digest that can be checked (sha256 and sha512 can)".formatted(text));
    }

    /// The digest of what `finished` was fed; this ends its use for the same bytes.
    public static Digest of(Algorithm algorithm, MessageDigest finished) {
        return new Digest(algorithm, HexFormat.of().formatHex(finished.digest()));
    }

    public static Digest of(Algorithm algorithm, byte[] bytes) {
        MessageDigest digest = algorithm.newMessageDigest();
        digest.update(bytes);
        return of(algorithm, digest);
    }

    public static Digest sha256(byte[] bytes) {
        return of(Algorithm.SHA256, bytes);
    }

    /// The first twelve hex digits, for messages.
    public String shortened() {
        return algorithm.word + ":" + hex.substring(0, 12);
    }

    /// What is wrong with content that has this digest and should have another one.
    public String mismatch() {
        return "does not match its digest: it is " + this;
    }

    @Override
    public String toString() {
        return algorithm.word + ":" + hex;
    }
}
