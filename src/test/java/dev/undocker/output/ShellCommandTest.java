package dev.undocker.output;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.runtime.HostileText;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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

    /// One start of a shell for all of them. Half a character has no bytes; Java writes `?`.
    @Test
    void hostileWordsStayWords(@TempDir Path directory) throws Exception {
        List<String> words = HostileText.many(10_000);
        String command =
                ShellCommand.of(
                        Stream.concat(Stream.of("printf", "%s\\0"), words.stream()).toArray());
        assertThat(command.chars()).noneMatch(Character::isISOControl);
        Path script = Files.writeString(directory.resolve("script"), command);
        assertThat(Undocker.program(Requirements.tool("bash"), script).succeed().text().split("\0"))
                .containsExactly(
                        words.stream()
                                .map(word -> new String(word.getBytes(UTF_8), UTF_8))
                                .toArray(String[]::new));
    }

    @Test
    void paths() {
        assertThat(ShellCommand.of("tar", "-xf", Path.of("-x"))).isEqualTo("tar -xf ./-x");
        assertThat(ShellCommand.of("tar", "-xf", Path.of("a:b"))).isEqualTo("tar -xf ./a:b");
        assertThat(ShellCommand.of("tar", "-xf", Path.of("/a:b"))).isEqualTo("tar -xf /a:b");
        assertThat(ShellCommand.of("-x", "a:b")).isEqualTo("-x a:b");
    }
}
