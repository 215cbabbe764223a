package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `undocker explain`: what it returns, and what it says of the example image.
class ExplainCommandTest {
    private static final String HELLO = "examples/hello.tar";

    @ParameterizedTest
    @CsvSource({
        "srv/welcome.txt, 0",
        "/srv//welcome.txt, 0",
        "../srv/./welcome.txt, 0",
        "/, 0",
        "srv/draft.txt, 1",
        "srv/nothing, 1",
        "hello/nothing, 1",
        "hello/, 1",
        "hello/., 1",
        "srv/, 0",
        "srv/today.txt/, 1"
    })
    void itReturnsWhetherThePathIsThere(String path, int exitCode) {
        assertThat(CommandLineRun.of("explain", HELLO, path).exitCode()).isEqualTo(exitCode);
        Undocker.Result json = CommandLineRun.of("explain", "--json", HELLO, path);
        assertThat(json.exitCode()).isEqualTo(exitCode);
        JsonSchemas.check("explain.json", json.text());
        assertThat(json.text()).contains("\"present\":" + (exitCode == 0));
    }

    @Test
    void whatItSays() {
        Undocker.Result result = CommandLineRun.of("explain", HELLO, "srv/greeting.txt");
        assertThat(result.errors()).isEmpty();
        assertThat(result.text())
                .isEqualTo(
                        """
                        srv/greeting.txt is in the image: a regular file of 13 bytes, from layer 2
                        It has 1 more name: srv/welcome.txt

                        layer 1  sha256:ab8d6904ff81
                          adds a regular file of 6 bytes, mode 0644, owner 0:0
                        layer 2  sha256:118cb05bd185
                          replaces the regular file of 6 bytes (layer 1) by a regular file of 13 bytes,
                            mode 0644, owner 0:0
                        """);
    }

    @Test
    void aSlashAtTheEndAsksForADirectory() {
        assertThat(CommandLineRun.of("explain", HELLO, "hello/").text())
                .startsWith("hello is not a directory: it is a regular file (layer 1)\n");
        assertThat(CommandLineRun.of("explain", HELLO, "srv/today.txt/").text())
                .startsWith(
                        """
                        srv/today.txt is a symbolic link to welcome.txt (layer 2)
                        srv/today.txt is not in the image: srv/welcome.txt is a regular file (layer 2),
                          which nothing can be below
                        """);
    }

    /// 1 is an answer.
    @Test
    void troubleIsAnotherCode() {
        Undocker.Result missing = CommandLineRun.of("explain", "no-such-image.tar", "etc");
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.errors()).startsWith("undocker: no-such-image.tar: ");
        assertThat(CommandLineRun.of("explain", HELLO).exitCode()).isEqualTo(2);
        assertThat(CommandLineRun.of("explain", HELLO, "").exitCode()).isEqualTo(2);
        assertThat(CommandLineRun.of("explain", HELLO, "a".repeat(20_000)).errors())
                .isEqualTo("undocker: PATH: is too long\n");
    }
}
