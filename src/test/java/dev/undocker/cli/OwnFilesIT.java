package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;

/// Where our own files fail, the image is not said to be damaged.
class OwnFilesIT {
    @TempDir private Path directory;
    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        byte[] tar = layer().dir("a/").file("a/zeros", "\0".repeat(4 << 20)).toBytes();
        image = image(tar).packed(Packing.GZIP).oci().directory(directory.resolve("oci"));
    }

    private Undocker.Result run(String limit, String command, String out) throws Exception {
        String script = "ulimit %s; exec \"$@\"".formatted(limit);
        return Undocker.program(
                        Path.of("/bin/sh"),
                        "-c",
                        script,
                        "sh",
                        Undocker.launcher(),
                        command,
                        image,
                        directory.resolve(out))
                .with("TMPDIR", directory.toString())
                .run();
    }

    /// Between what the virtual machine itself needs and what is enough.
    @ParameterizedTest
    @ValueSource(ints = {13, 14, 15, 16, 17, 18, 19, 20})
    void tooFewFilesMayBeOpen(int limit) throws Exception {
        for (String command : new String[] {"rootfs", "dir"}) {
            Undocker.Result result = run("-n " + limit, command, "out-" + command);

            if (result.exitCode() != 0) {
                assertThat(result.errors())
                        .as("%d %s", limit, command)
                        .containsIgnoringCase("too many open files");
            }
        }
    }

    @Test
    void noLargeFileMayBeWritten() throws Exception {
        Undocker.Result result = run("-f 1000", "dir", "out");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(Workplace.Refusal.of(result.errors()))
                .isEqualTo(
                        new Workplace.Refusal(
                                directory + ": cannot write a temporary file: File too large",
                                "choose another directory with --temp-dir or TMPDIR"));
        assertThat(Workplace.names(directory)).containsExactly("oci");
    }
}
