package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Recipe;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The examples of the help are run as they are printed. Docker is a script that saves the image.
class HelpExamplesIT {
    @TempDir private Path directory;

    private static List<String> help(String... command) throws Exception {
        return Undocker.command(Stream.concat(Stream.of(command), Stream.of("--help")).toArray())
                .with("COLUMNS", "")
                .with("CLICOLOR_FORCE", "")
                .succeed()
                .text()
                .lines()
                .toList();
    }

    /// The lines below a heading.
    private static List<String> below(String heading, List<String> help) {
        return help.stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> line.startsWith("  "))
                .toList();
    }

    private static void requirePrograms(String command) throws Exception {
        switch (command) {
            case "cpio" -> Requirements.tool("cpio");
            case "erofs" ->
                    Requirements.require(
                            Undocker.program(Requirements.tool("mkfs.erofs"), "--help")
                                    .run()
                                    .text()
                                    .contains("--tar"),
                            "needs mkfs.erofs 1.8");
            case "ext4" -> Requirements.tools("mke2fs", "debugfs", "fakeroot");
            case "squashfs" -> Requirements.tool("tar2sqfs");
            default -> {}
        }
    }

    private static Stream<String> commands() throws Exception {
        // an indented line goes on with a summary
        return Stream.concat(
                Stream.of(""),
                below("Commands:", help()).stream()
                        .filter(line -> !line.startsWith("   "))
                        .map(line -> line.strip().split(" ")[0]));
    }

    @Test
    void thereAreCommands() throws Exception {
        assertThat(commands()).contains("", "rootfs", "dir", "convert", "cache");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void examples(String command) throws Exception {
        requirePrograms(command);
        List<String> help = command.isEmpty() ? help() : help(command);
        List<String> examples = below("Examples:", help);
        assertThat(examples)
                .as(command)
                .isNotEmpty()
                .allMatch(line -> line.contains("undocker " + command));
        Recipe recipe = Recipe.in(directory);
        recipe.program("docker", "cat image.tar");
        recipe.run(String.join("\n", examples));
    }
}
