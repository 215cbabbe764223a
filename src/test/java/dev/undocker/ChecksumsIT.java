package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/// A plug-in that `.mvn/checksums` does not list, or lists with another checksum, stops the build.
class ChecksumsIT {
    private static final Path LISTED = Path.of(".mvn/checksums/checksums.sha256");
    private static final String PLUGIN = "maven-toolchains-plugin-3.2.0.jar";

    @TempDir private Path directory;

    /// Begins a build, offline.
    ///
    /// @param change to the plug-in's line
    private Undocker.Result build(UnaryOperator<String> change) throws Exception {
        List<String> lines = Files.readAllLines(LISTED);
        assertThat(lines).anyMatch(line -> line.endsWith(PLUGIN));
        lines.replaceAll(line -> line.endsWith(PLUGIN) ? change.apply(line) : line);
        Files.write(directory.resolve("checksums.sha256"), lines);
        return Undocker.program(
                        Path.of("mvnw").toAbsolutePath(),
                        "-q",
                        "-o",
                        "-Dmaven.repo.local=" + System.getProperty("localRepository"),
                        "-Daether.trustedChecksumsSource.summaryFile.basedir=" + directory,
                        "validate")
                .run();
    }

    @Test
    void whatIsListedIsTaken() throws Exception {
        assertThat(build(line -> line).exitCode()).isZero();
    }

    @Test
    void whatIsNotListedIsRefused() throws Exception {
        Undocker.Result refused = build(line -> "");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.text())
                .contains("Missing from summaryFile trusted checksum", "toolchains");
    }

    @Test
    void whatIsAnotherIsRefused() throws Exception {
        Undocker.Result refused = build(line -> "0".repeat(64) + line.substring(64));
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.text()).contains("trusted checksum mismatch", "toolchains");
    }
}
