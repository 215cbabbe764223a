package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.Events;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said of a phase.
class PhaseTextTest {
    private static Phase.State state(long done, long total, double seconds) {
        return new Phase.State("decode", done, total, (long) (seconds * 1e9), false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    90 | decode   [==========              ]  42%  1.22 GB of 2.90 GB, 120 MB/s, 14 s left
                    80 | decode   [=====         ]  42%  1.22 GB of 2.90 GB, 120 MB/s, 14 s left
                    60 | decode     42%  1.22 GB of 2.90 GB, 120 MB/s, 14 s left
                    40 | decode     42%  1.22 GB of 2.90 GB, 120
                    20 | decode     42%  1.2
                    1  | ''
                    0  | ''
                    """)
    void fitsIntoTheTerminal(int columns, String line) {
        assertThat(PhaseText.bar(state(1_218_000_000, 2_900_000_000L, 10.15), columns))
                .isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10, 17, 18, 40, 79, 80, 81, 200})
    void isShorterThanTheLine(int columns) {
        for (long done : new long[] {0, 1, 999, 1_000_000, Long.MAX_VALUE}) {
            for (long total : new long[] {Events.UNKNOWN, 0, 1, 1_000_000, Long.MAX_VALUE}) {
                assertThat(PhaseText.bar(state(done, total, 70), columns))
                        .hasSizeLessThanOrEqualTo(Math.max(0, columns - 1));
            }
        }
    }

    @Test
    void allIsAll() {
        assertThat(PhaseText.bar(state(999, 1000, 0.1), 80)).contains(" 99% ");
        assertThat(PhaseText.bar(state(1000, 1000, 0.1), 80))
                .isEqualTo("decode   [==============] 100%  1.00 kB of 1.00 kB");
        assertThat(PhaseText.bar(state(2000, 1000, 0.1), 80)).contains("] 100% ");
        assertThat(PhaseText.bar(state(0, 0, 0.1), 80)).contains("] 100% ");
    }

    @Test
    void withoutATotal() {
        assertThat(PhaseText.bar(state(5_000_000, Events.UNKNOWN, 2), 80))
                .isEqualTo("decode     5.00 MB, 2.50 MB/s");
        assertThat(PhaseText.bar(state(0, Events.UNKNOWN, 7), 80)).isEqualTo("decode     7 s");
        assertThat(PhaseText.plain(state(0, Events.UNKNOWN, 7))).isEqualTo("decode: 7 s");
    }

    /// An encoder that begins with a large block is at work all the same.
    @Test
    void beforeTheFirstByte() {
        assertThat(PhaseText.bar(state(0, 5_000_000, 7), 80)).endsWith("  0%  0 B of 5.00 MB, 7 s");
        assertThat(PhaseText.bar(state(0, 5_000_000, 0.1), 80)).endsWith("  0%  0 B of 5.00 MB");
    }

    @Test
    void longTimes() {
        assertThat(PhaseText.bar(state(1, 200, 1), 80)).endsWith(", 3 min 19 s left");
        assertThat(PhaseText.bar(state(1, 20_001, 1), 80)).endsWith(", 5 h 33 min left");
    }

    @Test
    void linesOfALog() {
        assertThat(PhaseText.plain(state(42, 100, 1)))
                .isEqualTo("decode: 42%, 42 B of 100 B, 42 B/s, 1 s left");
        assertThat(
                        PhaseText.plain(
                                new Phase.State("write", 999_600, 999_600, 3_000_000_000L, true)))
                .isEqualTo("write: done, 1.00 MB of 1.00 MB, 3 s");
        assertThat(PhaseText.plain(new Phase.State("sync", 0, -1, 3_000_000_000L, true)))
                .isEqualTo("sync: done, 3 s");
    }

    @Test
    void objectsForPrograms() {
        assertThat(PhaseText.json(state(42, 100, 1.5)))
                .isEqualTo(
                        "{\"phase\":\"decode\",\"done\":42,\"total\":100,\"seconds\":1.500,"
                                + "\"finished\":false}");
        assertThat(PhaseText.json(state(0, Events.UNKNOWN, 0))).contains("\"total\":null");
    }
}
