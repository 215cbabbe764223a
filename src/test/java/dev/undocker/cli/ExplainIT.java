package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

/// `undocker explain` as the built program.
@Timeout(300)
class ExplainIT {
    private static final Path HELLO = Path.of("examples/hello.tar");

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"explain, 1", "explain-link, 0"})
    void whatReadmeShows(String block, int exitCode) throws Exception {
        Undocker.Result result =
                Undocker.program(Path.of("/bin/sh"), "-c", Readme.commands(block))
                        .with("PATH", Undocker.launcher().getParent() + ":" + System.getenv("PATH"))
                        .run();
        assertThat(result.errors()).isEmpty();
        assertThat(result.text()).isEqualTo(Readme.output(block));
        assertThat(result.exitCode()).isEqualTo(exitCode);
    }

    /// Elsewhere lines have 80 columns: scripts and golden files want them to stay.
    @ParameterizedTest
    @CsvSource({"60, 60", "80, 80", "200, 200", "20, 55", "0, 80"})
    void linesAreAsWideAsTheTerminal(int columns, int width) throws Exception {
        Undocker.Result result =
                Undocker.program(
                                Requirements.tool("script"),
                                "-qec",
                                "stty cols %d; '%s' explain --progress none %s srv/draft.txt"
                                        .formatted(columns, Undocker.launcher(), HELLO),
                                "/dev/null")
                        .with("COLUMNS", "")
                        .run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.text().lines().limit(2).mapToInt(String::length).max().orElse(0))
                .isBetween(Math.min(width, 80) - 20, width);
        assertThat(result.text().replaceAll("\\s+", " "))
                .startsWith(
                        "srv/draft.txt is not in the image: layer 2 deletes it (whiteout"
                                + " srv/.wh.draft.txt) layer 1 ");
        assertThat(result.text().lines().findFirst().orElse("").contains(".wh."))
                .isEqualTo(columns == 200);
    }

    @Test
    void otherFormsAndPlacesTellTheSame() throws Exception {
        String told = Undocker.command("explain", HELLO, "srv/greeting.txt").succeed().text();
        assertThat(
                        Undocker.command("explain", "-", "srv/greeting.txt")
                                .reading(HELLO)
                                .succeed()
                                .text())
                .isEqualTo(told);
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            registry.put("docker-archive:" + HELLO.toAbsolutePath(), "hello:1");
            String name = "docker://%s/hello:1".formatted(registry.host());
            String far =
                    Undocker.command("explain", "--no-cache", name, "srv/greeting.txt")
                            .succeed()
                            .text();
            // but for the digests, which are those of the layers as they are stored there
            assertThat(far.replaceAll("sha256:[0-9a-f]+", ""))
                    .isEqualTo(told.replaceAll("sha256:[0-9a-f]+", ""));
            Undocker.Result json =
                    Undocker.command("explain", "--json", "--no-cache", name, "srv/none").run();
            assertThat(json.exitCode()).isEqualTo(1);
            JsonSchemas.check("explain.json", json.text());
        }
    }

    @Test
    void aFailureIsNoAnswer() throws Exception {
        Undocker.Result result = Undocker.command("explain", directory, "etc").run();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output()).isEmpty();
        Workplace.Refusal.of(result.errors());
    }
}
