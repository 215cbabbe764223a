package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.HelloImage;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `undocker diff` as the built program.
@Timeout(300)
class DiffIT {
    @TempDir private Path directory;

    /// The example, and the same with a layer more.
    @BeforeEach
    void writeImages() throws IOException {
        Files.createDirectory(directory.resolve("examples"));
        Files.write(directory.resolve("examples/hello.tar"), HelloImage.bytes());
        ChangedHelloImage.write(directory.resolve("changed.tar"));
    }

    private Undocker undocker(Object... arguments) {
        return Undocker.command(arguments).in(directory).with("HOME", directory.toString());
    }

    @Test
    void whatReadmeShows() throws Exception {
        Undocker.Result result =
                Undocker.program(Path.of("/bin/sh"), "-c", Readme.commands("diff"))
                        .in(directory)
                        .with("PATH", Undocker.launcher().getParent() + ":" + System.getenv("PATH"))
                        .run();
        assertThat(result.errors()).isEmpty();
        assertThat(result.text()).isEqualTo(Readme.output("diff"));
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void anImageIsTheSameWhereverItIs() throws Exception {
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            registry.put("docker-archive:" + directory.resolve("examples/hello.tar"), "hello:1");
            String name = "docker://%s/hello:1".formatted(registry.host());
            Undocker.Result result =
                    undocker("diff", "--times", name, "-")
                            .reading(directory.resolve("examples/hello.tar"))
                            .succeed();
            assertThat(result.output()).isEmpty();
            assertThat(result.errors()).isEmpty();
            assertThat(undocker("diff", "changed.tar", name).run().exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aFailureIsNoAnswer() throws Exception {
        Undocker.Result result = undocker("diff", "changed.tar", "none.tar").run();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output()).isEmpty();
        Workplace.Refusal.of(result.errors());
    }
}
