package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.Endurance;
import dev.undocker.testing.LoopDevice;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Runs end at any moment, by a signal or with the machine.
@Timeout(3600)
@Tag(Endurance.TAG)
class SuddenEndIT {
    /// What ends the program by each signal: the signal itself, and of the others nothing once Java
    /// listens to them.
    private static final Map<String, List<Integer>> EXIT_CODES =
            new TreeMap<>(
                    Map.of(
                            "HUP", List.of(129),
                            "INT", List.of(130),
                            "QUIT", List.of(131, 0),
                            "KILL", List.of(137),
                            "PIPE", List.of(141, 0),
                            "TERM", List.of(143)));

    /// What Java says, with exit code 1, when a signal meets it in its first milliseconds: it ends
    /// and goes on starting at once. Nothing of ours has begun then.
    private static final String NOT_STARTED = "Error occurred during initialization of VM";

    private final SplittableRandom random = new SplittableRandom();
    private final List<String> broken = new ArrayList<>();

    @TempDir private Path directory;
    private CommandLineServer well;
    private Path errors;
    private int runs;

    @BeforeEach
    void start() throws IOException {
        well = CommandLineServer.start(Map.of());
        errors = directory.resolve("errors");
    }

    @AfterEach
    void stop() {
        well.close();
    }

    private Process start(Object... arguments) throws IOException {
        return new ProcessBuilder(Undocker.command(arguments).command())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile())
                .start();
    }

    /// How long a run takes.
    private long nanos(Object... arguments) throws Exception {
        long begun = System.nanoTime();
        assertThat(start(arguments).waitFor()).isZero();
        return System.nanoTime() - begun;
    }

    private Undocker.Result end(Process process) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        return new Undocker.Result(
                process.exitValue(), new byte[0], new String(Files.readAllBytes(errors), UTF_8));
    }

    private void kill(Process process, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private void waitAtMost(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(random.nextLong(nanos));
    }

    @Test
    void aSignalAtAnyMoment() throws Exception {
        int ended = 0;
        for (String line : EveryWriter.some(Endurance.scaled(4))) {
            Trial trial = Trial.of(line, well, true, directory.resolve("model"));
            Trial.Place first = trial.place(directory.resolve("first"));
            long nanos = nanos(first.arguments(line, first.image()));
            first.remove();
            for (String signal : EXIT_CODES.keySet()) {
                for (int i = 0; i < Endurance.scaled(2); i++) {
                    Trial.Place place = trial.place(directory.resolve("place" + runs++));
                    Process process = start(place.arguments(line, place.image()));
                    waitAtMost(nanos);
                    kill(process, signal);
                    Undocker.Result result = end(process);
                    Snapshot left = place.snapshot(true);
                    if (result.exitCode() == 1 && result.errors().contains(NOT_STARTED)) {
                        assertThat(left).as(line).isEqualTo(trial.before());
                        place.remove();
                        continue;
                    }
                    if (!signal.equals("KILL") && !left.equals(place.snapshot(false))) {
                        broken.add("%s after %s left %s".formatted(line, signal, left));
                    }
                    if (result.exitCode() != 0) {
                        ended++;
                        assertThat(result.exitCode())
                                .as(line + ": " + result.errors())
                                .isIn(EXIT_CODES.get(signal));
                    }
                    check(signal, trial, place, result);
                }
            }
        }
        assertThat(broken).isEmpty();
        System.out.printf("%d of %d runs ended by a signal%n", ended, runs);
        assertThat(ended).isPositive();
    }

    private void check(String what, Trial trial, Trial.Place place, Undocker.Result result)
            throws IOException {
        String sentence = trial.broken(place, result, true);
        if (!sentence.isEmpty()) {
            broken.add(what + ": " + sentence);
        }
        place.remove();
    }

    /// Whatever ends the runs that fetch an image and share a cache, the last one has the right
    /// output, and a cache in which all is right.
    @Test
    void aSignalWhileAnImageIsFetched() throws Exception {
        Trial trial = Trial.of("rootfs IMAGE OUT/new.tar", well, false, directory.resolve("model"));
        Trial.Place place = trial.place(directory.resolve("place"));
        Path cache = directory.resolve("cache");
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            registry.put("oci-archive:" + place.image(), "x:1");
            Object[] arguments = {
                "rootfs",
                "--temp-dir",
                place.temporary(),
                "--cache-dir",
                cache,
                "--tls-verify=false",
                "docker://%s/x:1".formatted(registry.host()),
                place.out().resolve("new.tar")
            };
            long nanos = nanos(arguments);
            for (String signal : EXIT_CODES.keySet()) {
                for (int i = 0; i < Endurance.scaled(2); i++) {
                    Snapshot.clear(cache);
                    Snapshot.clear(place.out());
                    for (boolean again : new boolean[] {false, true}) {
                        Process process = start(arguments);
                        waitAtMost(nanos);
                        kill(process, signal);
                        Undocker.Result result = end(process);
                        assertThat(place.snapshot(false))
                                .as(again + result.errors())
                                .isIn(trial.before(), trial.complete());
                    }
                    assertThat(start(arguments).waitFor()).isZero();
                    assertThat(place.snapshot(true)).isEqualTo(trial.complete());
                    assertThat(place.temporary()).isEmptyDirectory();
                    assertThat(cache.resolve("v1/partial")).isEmptyDirectory();
                    Undocker.command("cache", "verify", "--cache-dir", cache).succeed();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void aPowerCutAtAnyMoment(String type) throws Exception {
        try (LoopDevice disk = LoopDevice.of(type, directory, 320)) {
            for (String line : EveryWriter.some(Endurance.scaled(4))) {
                Trial trial = Trial.of(line, well, true, directory.resolve("model"));
                Trial.Place first = trial.place(disk.path().resolve("first"));
                long nanos = nanos(first.arguments(line, first.image()));
                for (int i = 0; i < Endurance.scaled(2); i++) {
                    Trial.Place place = trial.place(disk.path().resolve("place" + runs++));
                    Undocker.program(Requirements.tool("sync")).succeed();
                    Process process = start(place.arguments(line, place.image()));
                    waitAtMost(nanos);
                    disk.shutDown();
                    Undocker.Result result = end(process);
                    disk.restart();
                    check(type + " without power", trial, place, result);
                }
                first.remove();
            }
        }
        assertThat(broken).isEmpty();
    }
}
