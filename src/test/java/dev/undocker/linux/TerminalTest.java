package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What is no terminal; what is one, the bar's test has.
class TerminalTest {
    @Test
    void noDescriptorIsNone() {
        assertThat(Terminal.columns(-1)).isEmpty();
        assertThat(Terminal.columns(100_000)).isEmpty();
    }
}
