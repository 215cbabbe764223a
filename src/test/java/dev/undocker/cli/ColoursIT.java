package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/// Colours and the width of the help, on a terminal of script(1) and without one.
class ColoursIT {
    private static final String ESCAPE = "\u001b";

    /// With none of the variables that matter but `TERM`.
    private static Undocker clean(Undocker program) {
        Undocker clean = program;
        for (String variable : List.of("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS")) {
            clean = clean.with(variable, "");
        }
        return clean.with("TERM", "xterm-256color");
    }

    private static Undocker onTerminal(String before, String line) {
        return clean(
                Undocker.program(
                        Requirements.tool("script"),
                        "-qec",
                        before + "'" + Undocker.launcher() + "' " + line,
                        "/dev/null"));
    }

    private static Undocker piped(String line) {
        return clean(Undocker.command((Object[]) line.split(" ")));
    }

    @Test
    void aFailureOnATerminal() throws Exception {
        assertThat(onTerminal("", "rootfs nginx:latest x.tar").run().text())
                .isEqualTo(
                        "\u001b[31mundocker: \u001b[0mnginx:latest: no such file or directory\r\n"
                                + "\u001b[36mhint: \u001b[0min a registry? write"
                                + " docker://nginx:latest\r\n");
    }

    @Test
    void helpOnATerminal() throws Exception {
        assertThat(onTerminal("", "rootfs --help").run().text())
                .contains("\u001b[1m--compress\u001b[");
    }

    @ParameterizedTest
    @CsvSource({
        "NO_COLOR, 1, false",
        "TERM, dumb, false",
        "CLICOLOR, 0, false",
        "CLICOLOR_FORCE, 1, true",
        "CLICOLOR_FORCE, 0, true",
        "COLORTERM, truecolor, true"
    })
    void whoDoesNotWantThem(String variable, String value, boolean coloured) throws Exception {
        for (String line : List.of("rootfs nginx:latest x.tar", "--help", "rootfs --help")) {
            assertThat(onTerminal("", line).with(variable, value).run().text().contains(ESCAPE))
                    .as(line)
                    .isEqualTo(coloured);
        }
    }

    @ParameterizedTest
    @CsvSource({"CLICOLOR, 1, false", "CLICOLOR_FORCE, 0, false", "CLICOLOR_FORCE, 1, true"})
    void withoutATerminal(String variable, String value, boolean coloured) throws Exception {
        assertThat(piped("--help").with(variable, value).run().text().contains(ESCAPE))
                .isEqualTo(coloured);
        assertThat(piped("rootfs nginx x.tar").with(variable, value).run().errors())
                .satisfies(text -> assertThat(text.contains(ESCAPE)).isEqualTo(coloured));
    }

    /// Who says no is heard.
    @Test
    void noBeforeForce() throws Exception {
        assertThat(piped("--help").with("CLICOLOR_FORCE", "1").with("NO_COLOR", "1").run().text())
                .doesNotContain(ESCAPE);
    }

    @ParameterizedTest
    @CsvSource({"60, 60", "100, 100", "300, 120", "20, 55", "0, 80"})
    void widthOfTheTerminal(int columns, int widest) throws Exception {
        String text =
                onTerminal("stty cols " + columns + "; ", "rootfs --help")
                        .with("NO_COLOR", "1")
                        .run()
                        .text();
        assertThat(text.lines().mapToInt(String::length).max().orElse(0))
                .isBetween(widest - 12, widest);
    }

    @Test
    void widthWithoutATerminal() throws Exception {
        String usual = piped("rootfs --help").run().text();
        assertThat(usual.lines().mapToInt(String::length).max().orElse(0)).isBetween(70, 80);
        assertThat(piped("rootfs --help").with("COLUMNS", "80").run().text()).isEqualTo(usual);
        assertThat(piped("rootfs --help").with("COLUMNS", "100").run().text().lines())
                .anyMatch(line -> line.length() > 80);
    }
}
