package dev.undocker.image;

import dev.undocker.UndockerException;
import dev.undocker.codec.Sha2;

import java.security.MessageDigest;
import java.util.HexFormat;

/// A digest as image-spec writes it (`descriptor.md#digests`): `sha256:` or `sha512:` and
/// lower-case hex of the right length. Everything else is refused, so a digest is safe as a file
/// name.
public record Digest(Algorithm algorithm, String hex) {
    /// The two algorithms that image-spec registers.
    public enum Algorithm {
        SHA256("sha256", Sha2.SHA256),
        SHA512("sha512", Sha2.SHA512);

        private final String word;
        private final Sha2 function;

        Algorithm(String word, Sha2 function) {
            this.word = word;
            this.function = function;
        }

        /// The name in front of the colon.
        public String word() {
            return word;
        }

        /// @param expected about how many bytes it will digest
        public MessageDigest newMessageDigest(long expected) {
            return function.begin(expected);
        }
    }

    public Digest {
        if (hex.length() != 2 * algorithm.function.length()
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
        MessageDigest digest = algorithm.newMessageDigest(bytes.length);
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
