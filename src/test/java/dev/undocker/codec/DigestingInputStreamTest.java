package dev.undocker.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;

class DigestingInputStreamTest {
    @Test
    void digestsWhateverWayTheBytesPass() throws Exception {
        byte[] data = Samples.mixed(1, 300_000);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var in = new DigestingInputStream(new ByteArrayInputStream(data), digest)) {
            in.read();
            in.readNBytes(1000);
            assertThat(in.skip(100_000)).isEqualTo(100_000);
            assertThat(in.skip(-1)).isZero();
            in.skip(Long.MAX_VALUE);
            in.skip(Long.MAX_VALUE);
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThat(digest.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(data));
    }
}
