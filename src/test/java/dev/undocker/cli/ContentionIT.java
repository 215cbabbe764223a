package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.Endurance;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Ten runs with one destination, at once.
@Timeout(900)
@Tag(Endurance.TAG)
class ContentionIT {
    private static final int RUNS = 10;

    @TempDir private Path directory;

    static Stream<String> lines() {
        return EveryWriter.LINES.stream();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void oneOfTheOutputsIsThereAndWhole(String line) throws Exception {
        tryOut(line, line, List.of());
    }

    /// All fetch the image at once, into one cache.
    @ParameterizedTest
    @ValueSource(strings = {"rootfs IMAGE OUT/new.tar", "dir --force IMAGE OUT/new"})
    void oneCacheToo(String line) throws Exception {
        Path model = Files.createDirectory(directory.resolve("images"));
        Path cache = directory.resolve("cache");
        try (CommandLineServer well = CommandLineServer.start(Map.of());
                DockerRegistry registry = DockerRegistry.open(directory)) {
            Trial.Place place =
                    Trial.of(line, well, false, model.resolve("first"))
                            .place(model.resolve("second"));
            registry.put("oci-archive:" + place.image(), "x:1");
            registry.put("oci-archive:" + place.older(), "x:2");
            String names = "docker://%s/x:".formatted(registry.host());
            tryOut(
                    line,
                    line + " --tls-verify=false --cache-dir " + cache,
                    List.of(names + 1, names + 2));
            Undocker.command("cache", "verify", "--cache-dir", cache).succeed();
            assertThat(cache.resolve("v1/partial")).isEmptyDirectory();
        }
    }

    /// @param line as it is under good conditions
    /// @param tried the same for a run beside others
    /// @param images names of an image and of an older one; those of the place when there are none
    private void tryOut(String line, String tried, List<String> images) throws Exception {
        try (CommandLineServer well = CommandLineServer.start(Map.of())) {
            Trial trial = Trial.of(line, well, true, directory.resolve("model"));
            int done = 0;
            int times = Endurance.scaled(2);
            for (int i = 0; i < times; i++) {
                Trial.Place place = trial.place(directory.resolve("place" + i));
                int before = done;
                List<?> names = images.isEmpty() ? List.of(place.image(), place.older()) : images;
                for (Undocker.Result result : atOnce(tried, place, names)) {
                    assertThat(result.exitCode()).as(result.errors()).isIn(0, 1);
                    if (result.exitCode() == 0) {
                        done++;
                    } else {
                        Workplace.Refusal.afterWarnings(result.errors());
                    }
                }
                assertThat(done).as("winners").isGreaterThan(before);
                Snapshot after = place.snapshot(true);
                assertThat(after)
                        .as(after.against(trial.complete()))
                        .isIn(trial.before(), trial.complete());
                assertThat(place.temporary()).isEmptyDirectory();
                place.remove();
            }
            System.out.printf("%s: %d of %d runs done%n", tried, done, times * RUNS);
        }
    }

    /// Half of the runs with the one image, half with the other.
    private static List<Undocker.Result> atOnce(String line, Trial.Place place, List<?> images)
            throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            Object[] arguments = place.arguments(line, images.get(i % images.size()));
            processes.add(
                    new ProcessBuilder(Undocker.command(arguments).command())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(errors(place, i).toFile())
                            .start());
        }
        List<Undocker.Result> results = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            int code = processes.get(i).waitFor();
            results.add(new Undocker.Result(code, new byte[0], Files.readString(errors(place, i))));
        }
        return results;
    }

    private static Path errors(Trial.Place place, int run) {
        return place.path().resolve("errors" + run);
    }
}
