package dev.undocker.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Requirements;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A program that turns its standard input into its standard output.
final class Filter {
    private Filter() {}

    static byte[] run(byte[] input, String... command) throws IOException, InterruptedException {
        Requirements.tool(command[0]);
        Path from = Files.createTempFile("filter", ".in");
        Path to = Files.createTempFile("filter", ".out");
        Path errors = Files.createTempFile("filter", ".err");
        try {
            Files.write(from, input);
            int status =
                    new ProcessBuilder(command)
                            .redirectInput(from.toFile())
                            .redirectOutput(to.toFile())
                            .redirectError(errors.toFile())
                            .start()
                            .waitFor();
            assertThat(status)
                    .as("%s: %s", String.join(" ", command), Files.readString(errors))
                    .isZero();
            return Files.readAllBytes(to);
        } finally {
            Files.delete(from);
            Files.delete(to);
            Files.delete(errors);
        }
    }
}
