package dev.undocker.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

class ShellCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain-1.0_x",
                "",
                "two words",
                "it's",
                "$HOME `id` $(id) \\ \" ! # & ; | < > ( ) { } [ ] * ? ~ ^",
                "~",
                "ü",
                "line\nend",
                "\u001b[31mred",
                "\u202eright to left",
                "\u001b'\\7"
            })
    void aShellTakesItAsItIs(String word) throws Exception {
        String command = ShellCommand.of("printf", "%s.", word);
        assertThat(command).doesNotContain("\n", "\u001b", "\u202e");
        assertThat(Undocker.program(Requirements.tool("bash"), "-c", command).succeed().text())
                .isEqualTo(word + ".");
    }

    @Test
    void paths() {
        assertThat(ShellCommand.of("tar", "-xf", Path.of("-x"))).isEqualTo("tar -xf ./-x");
        assertThat(ShellCommand.of("tar", "-xf", Path.of("a:b"))).isEqualTo("tar -xf ./a:b");
        assertThat(ShellCommand.of("tar", "-xf", Path.of("/a:b"))).isEqualTo("tar -xf /a:b");
        assertThat(ShellCommand.of("-x", "a:b")).isEqualTo("-x a:b");
    }
}
