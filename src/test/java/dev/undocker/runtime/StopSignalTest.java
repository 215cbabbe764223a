package dev.undocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopSignalTest {
    /// As `kill -l` has them.
    @ParameterizedTest
    @CsvSource({
        "SIGHUP, 1",
        "sigquit, 3",
        "9, 9",
        "TERM, 15",
        "CLD, 17",
        "SIGWINCH, 28",
        "SYS, 31",
        "SIGRTMIN, 34",
        "SIGRTMIN+3, 37",
        "SIGRTMAX-1, 63",
        "SIGRTMAX, 64",
    })
    void numbers(String text, int number) {
        assertThat(StopSignal.parse(text).orElseThrow().number()).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"SIGTERM, true", "term, true", "15, true", "SIGQUIT, false", "9, false"})
    void termIsTermInAnySpelling(String text, boolean term) {
        assertThat(StopSignal.parse(text).orElseThrow().isTerm()).isEqualTo(term);
    }
}
