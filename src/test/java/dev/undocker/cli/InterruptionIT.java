package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A signal ends the program as it ends others, without a word and without leavings.
@Timeout(180)
class InterruptionIT {
    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143", "HUP,129"})
    void signals(String signal, int exitCode) throws Exception {
        Workplace place = Workplace.in(directory);
        Path image = image();
        // from the start of the Java runtime to the last byte; the slow encoder makes it long
        for (int delay : List.of(100, 150, 250, 600, 1200)) {
            Path errors = directory.resolve("errors");
            Process process =
                    new ProcessBuilder(command(place, image))
                            .redirectError(errors.toFile())
                            .start();
            Thread.sleep(delay);
            assertThat(process.isAlive()).as("after %d ms", delay).isTrue();
            kill(process, signal);
            assertThat(process.waitFor()).isEqualTo(exitCode);
            assertThat(errors).content().as("after %d ms", delay).isEmpty();
            place.assertUntouched();
        }
    }

    private Path image() throws IOException {
        return ImageBuilder.image(LargeLayer.bytes())
                .packed(Packing.GZIP)
                .oci()
                .tar(directory.resolve("image.tar"));
    }

    private static List<String> command(Workplace place, Path image) {
        return Undocker.command(
                        place.arguments(place.older(), "--compress", "xz", "--level", "9", image))
                .command();
    }

    private static void kill(Process process, String signal)
            throws IOException, InterruptedException {
        int code =
                new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor();
        assertThat(code).isZero();
    }

    @Test
    void evenAKilledRunLeavesTheOlderFile() throws Exception {
        Workplace place = Workplace.in(directory);
        Process process = new ProcessBuilder(command(place, image())).start();
        Thread.sleep(1500);
        process.destroyForcibly();
        assertThat(process.waitFor()).isEqualTo(137);
        assertThat(place.older()).hasContent("older");
        assertThat(place.temporary()).isEmptyDirectory();
    }
}
