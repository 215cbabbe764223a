package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.testing.Requirements;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes keys and certificates in a directory.
final class OpenSsl {
    private final Path program = Requirements.tool("openssl");
    private final Path directory;

    OpenSsl(Path directory) {
        this.directory = directory;
    }

    /// @param arguments separated by blanks
    void run(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments.split(" ")));
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
