package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class HelloImageTest {
    private static final Path EXAMPLE = Path.of("examples", "hello.tar");

    @Test
    void exampleIsWhatTheGeneratorWrites() throws IOException {
        if (Boolean.getBoolean("examples.write")) {
            Files.write(EXAMPLE, HelloImage.bytes());
        }
        assertThat(Files.readAllBytes(EXAMPLE)).isEqualTo(HelloImage.bytes());
        assertThat(Files.size(EXAMPLE)).isLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void programPrintsItsArguments(@TempDir Path directory)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                System.getProperty("os.arch").equals("amd64"), "the program is made for amd64");
        Path program = Files.write(directory.resolve("hello"), HelloProgram.bytes());
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

        Undocker.Result result = Undocker.program(program, "one", "two words", "").run();

        assertThat(result.text()).isEqualTo("one\ntwo words\n\n");
        assertThat(result.exitCode()).isZero();
    }
}
