package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Endurance;
import dev.undocker.testing.Faults;
import dev.undocker.testing.Faults.Kind;
import dev.undocker.testing.InMemory;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Every call that touches the image, the output or the temporary directory goes wrong once, each
/// in a run of its own: none is left out.
@Timeout(3600)
class FaultIT {
    @TempDir(factory = InMemory.class)
    private Path directory;

    /// @param syscalls the value of `UNDOCKER_SYSCALLS`
    private void everyCall(String line, String syscalls, Kind kind, boolean replaces)
            throws Exception {
        Faults faults = Faults.in(Files.createTempDirectory(directory, "faults"));
        Map<String, String> environment = new HashMap<>(faults.environment(kind));
        environment.put("UNDOCKER_SYSCALLS", syscalls);
        if (line.startsWith("erofs ")) {
            // before 1.9.1 mkfs.erofs does not tell what went wrong
            environment.put("FAULTS_ALONE", "yes");
        }
        List<String> broken = new ArrayList<>();
        try (CommandLineServer faulty = CommandLineServer.start(environment);
                CommandLineServer well =
                        CommandLineServer.start(Map.of("UNDOCKER_SYSCALLS", syscalls))) {
            Trial trial = Trial.of(line, well, replaces, faults.place(0));
            int call = 0;
            boolean injected = true;
            while (injected) {
                call++;
                Trial.Place place = trial.place(faults.place(call));
                Undocker.Result result = faulty.run(place.arguments(line, place.image()));
                injected = faults.happened(call);
                String what = trial.broken(place, result, kind == Kind.DEATH);
                if (!what.isEmpty()) {
                    broken.add(faults.last() + " " + what);
                }
                assertThat(result.exitCode()).isIn(0, injected ? 1 : 0);
                place.remove();
            }
            System.out.printf("%s %s %s: %d calls%n", line, syscalls, kind, call - 1);
            assertThat(call).as("calls").isGreaterThan(20);
        }
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ENOSPC", "DEATH"})
    void everyCallOfAFile(Kind kind) throws Exception {
        everyCall("rootfs IMAGE OUT/new.tar", "", kind, true);
    }

    /// Of these some have a way of their own. EACCES is none of them: where owners, modes or times
    /// are refused, a tree does without and says so.
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"EIO", "EMFILE", "EFBIG", "EROFS", "EDQUOT", "SHORT"})
    @Tag(Endurance.TAG)
    void everyErrorOfEveryCallOfATree(Kind kind) throws Exception {
        everyCall("dir --force IMAGE OUT/new", "", kind, true);
    }

    static Stream<Arguments> all() {
        return EveryWriter.some(Endurance.scaled(4)).stream()
                .flatMap(line ->
                        Stream.of(Kind.ENOSPC, Kind.DEATH).map(kind -> Arguments.of(line, kind)));
    }

    @ParameterizedTest
    @MethodSource("all")
    @Tag(Endurance.TAG)
    void everyCallOfEveryWriter(String line, Kind kind) throws Exception {
        everyCall(line, "", kind, true);
    }
}
