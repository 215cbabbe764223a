package dev.undocker.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

@Timeout(60)
class ReadAheadStreamTest {
    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 262_143, 262_144, 262_145, 5_000_000})
    void itGivesTheSame(int length) throws IOException {
        byte[] bytes = random(length);
        try (InputStream ahead = new ReadAheadStream(new ByteArrayInputStream(bytes), "test")) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            Random random = new Random(1);
            byte[] piece = new byte[70_000];
            for (int count = 0; count >= 0; ) {
                count = ahead.read(piece, 0, 1 + random.nextInt(piece.length));
                read.write(piece, 0, Math.max(0, count));
            }
            assertThat(read.toByteArray()).isEqualTo(bytes);
            assertThat(ahead.read()).isNegative();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 262_144, 3_000_000})
    void aFailureComesBehindWhatWasRead(int length) throws IOException {
        byte[] bytes = random(length);
        InputStream broken =
                new SequenceInputStream(
                        new ByteArrayInputStream(bytes),
                        new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new IOException("torn");
                            }

                            @Override
                            public int read(byte[] target, int offset, int count)
                                    throws IOException {
                                throw new IOException("torn");
                            }
                        });
        try (InputStream ahead = new ReadAheadStream(broken, "test")) {
            assertThat(ahead.readNBytes(length)).isEqualTo(bytes);
            assertThatThrownBy(ahead::read).isInstanceOf(IOException.class).hasMessage("torn");
            assertThatThrownBy(ahead::read).isInstanceOf(IOException.class).hasMessage("torn");
        }
    }

    /// The rest of a layer is hashed by whoever found that it is no tar.
    @Test
    void whatWasNotReadYetStaysInTheStream() throws IOException {
        CountedStream endless = new CountedStream();
        ReadAheadStream ahead = new ReadAheadStream(endless, "test");
        assertThat(ahead.readNBytes(1_000_000)).hasSize(1_000_000);
        ahead.stop();
        long taken = endless.taken;
        assertThat(taken).isBetween(1_000_000L, 3_000_000L);
        assertThat(endless.readNBytes(10)).hasSize(10);
        assertThat(endless.taken).isEqualTo(taken + 10);
        ahead.close();
        assertThat(endless.closed).isTrue();
    }

    @Test
    void whoeverWaitsCanBeInterrupted() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        InputStream slow =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        try {
                            gate.await();
                            return -1;
                        } catch (InterruptedException e) {
                            throw new IOException("interrupted: the file would be closed", e);
                        }
                    }
                };
        try (InputStream ahead = new ReadAheadStream(slow, "test")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(ahead::read).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            gate.countDown();
            assertThat(ahead.read()).isNegative();
        }
    }

    /// Never ends, and is not safe for two threads.
    private static final class CountedStream extends InputStream {
        private long taken;
        private boolean closed;

        @Override
        public int read() {
            taken++;
            return 0;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            taken += length;
            return length;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
