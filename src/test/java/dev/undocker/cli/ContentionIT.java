package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Endurance;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Ten runs with one destination, at once.
@Timeout(900)
@Tag(Endurance.TAG)
class ContentionIT {
    private static final int RUNS = 10;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rootfs IMAGE OUT/new.tar",
                "dir --force IMAGE OUT/new",
                "lxc --force --no-previous --format dir --name new IMAGE OUT",
            })
    void oneOfTheOutputsIsThereAndWhole(String line) throws Exception {
        try (CommandLineServer well = CommandLineServer.start(Map.of())) {
            Trial trial = Trial.of(line, well, true, directory.resolve("model"));
            int done = 0;
            int times = Endurance.scaled(4);
            for (int i = 0; i < times; i++) {
                Trial.Place place = trial.place(directory.resolve("place" + i));
                int before = done;
                for (Undocker.Result result : atOnce(line, place)) {
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
            System.out.printf("%s: %d of %d runs done%n", line, done, times * RUNS);
        }
    }

    /// Half of the runs with the one image, half with the other.
    private static List<Undocker.Result> atOnce(String line, Trial.Place place) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            Path image = i % 2 == 0 ? place.image() : place.older();
            processes.add(
                    new ProcessBuilder(Undocker.command(place.arguments(line, image)).command())
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
