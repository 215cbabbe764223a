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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A signal ends the program as it ends others, without a word and without leavings.
@Timeout(180)
class InterruptionIT {
    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143", "HUP,129"})
    void signals(String signal, int exitCode) throws Exception {
        Workplace place = Workplace.in(directory);
        Path image = image();
        // from the first look at the image to the last byte; the slow encoder makes it long.
        // Before,
        // it is the Java runtime that starts, and may say a word of its own
        for (int delay : List.of(0, 20, 100, 500, 1100)) {
            Path errors = directory.resolve("errors");
            Process process =
                    new ProcessBuilder(command(place, image))
                            .redirectError(errors.toFile())
                            .start();
            awaitOpen(process, image);
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

    private static void awaitOpen(Process process, Path image) throws Exception {
        Path descriptors = Path.of("/proc", String.valueOf(process.pid()), "fd");
        while (process.isAlive()) {
            try (Stream<Path> links = Files.list(descriptors)) {
                if (links.anyMatch(link -> leadsTo(link, image))) {
                    return;
                }
            }
            Thread.sleep(1);
        }
    }

    private static boolean leadsTo(Path link, Path file) {
        try {
            return Files.readSymbolicLink(link).equals(file);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
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
