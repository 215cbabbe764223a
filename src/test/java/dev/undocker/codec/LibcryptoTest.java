package dev.undocker.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Random;

class LibcryptoTest {
    private static final int ROUNDS = 200;
    private static final int MOST_BYTES = 300_000;

    private final Random random = new Random(25);

    @BeforeEach
    void needLibrary() {
        Requirements.library("libcrypto.so.3");
    }

    @ParameterizedTest
    @EnumSource
    void digestsAsJavaDoes(Sha2 hash) {
        MessageDigest digest = digest(hash);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = bytes();
            int at = 0;
            while (at < bytes.length) {
                int count = random.nextInt(1, bytes.length - at + 1);
                feed(digest, bytes, at, count);
                at += count;
            }
            assertThat(digest.digest()).isEqualTo(hash.inJava().digest(bytes));
        }
    }

    @ParameterizedTest
    @EnumSource
    void canBeginAgain(Sha2 hash) {
        MessageDigest digest = digest(hash);
        digest.update(bytes());
        digest.reset();
        assertThat(digest.digest()).isEqualTo(hash.inJava().digest());
        assertThat(digest.getDigestLength()).isEqualTo(hash.length());
    }

    private static MessageDigest digest(Sha2 hash) {
        Libcrypto library = Libcrypto.installed();
        assertThat(library).isNotNull();
        return library.digest(hash);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(1 << random.nextInt(1, 19)) % MOST_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    /// In one of the ways that there are; what is fed from outside the heap lies in the middle of
    /// other bytes.
    private void feed(MessageDigest digest, byte[] bytes, int at, int count) {
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int i = at; i < at + count; i++) {
                    digest.update(bytes[i]);
                }
            }
            case 1 -> digest.update(bytes, at, count);
            case 2 -> digest.update(ByteBuffer.wrap(bytes, at, count));
            default -> {
                ByteBuffer outside = ByteBuffer.allocateDirect(bytes.length).put(bytes);
                outside.position(at).limit(at + count);
                digest.update(outside);
                assertThat(outside.remaining()).isZero();
            }
        }
    }
}
