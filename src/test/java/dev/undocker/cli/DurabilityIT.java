package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.LoopDevice;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What has taken its name is on the disk, and nothing that it replaced goes before: whoever sees
/// exit code 0 may pull the plug.
@Timeout(300)
class DurabilityIT {
    private static final int LARGE = 300 << 20;

    @TempDir private Path directory;
    private Path image;

    @BeforeEach
    void writeTheImage() throws Exception {
        image = Files.write(directory.resolve("image.tar"), HelloImage.bytes());
    }

    static Stream<String> writers() {
        return EveryWriter.LINES.stream();
    }

    private Object[] arguments(String line, Path out) {
        return EveryWriter.arguments(line, image, out);
    }

    /// The calls of a run that touch the disk's order, one a line, with the files' names.
    private List<String> calls(Path out, String line) throws Exception {
        traced(
                        "fsync,fdatasync,syncfs,rename,renameat,renameat2,unlink,unlinkat,rmdir",
                        "",
                        arguments(line, out))
                .succeed();
        return log().stream()
                .filter(call -> call.contains(out.toString()))
                .filter(call -> !call.contains("= -1"))
                .toList();
    }

    /// @param fault what strace does to the calls, or nothing
    private Undocker traced(String calls, String fault, Object... arguments) {
        List<Object> words =
                new ArrayList<>(List.of("-f", "-y", "-qq", "-s", "4096", "--signal=none"));
        words.addAll(List.of("--trace=" + calls, "-o", directory.resolve("strace")));
        if (!fault.isEmpty()) {
            words.add(fault);
        }
        words.add(Undocker.launcher());
        words.addAll(List.of(arguments));
        return Undocker.program(Requirements.tool("strace"), words.toArray());
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(directory.resolve("strace"));
    }

    private static int first(List<String> calls, String... words) {
        for (int i = 0; i < calls.size(); i++) {
            if (Stream.of(words).anyMatch(calls.get(i)::contains)) {
                return i;
            }
        }
        throw new AssertionError(List.of(words) + " not in " + calls);
    }

    private static int last(List<String> calls, String... words) {
        return calls.size() - 1 - first(calls.reversed(), words);
    }

    @ParameterizedTest
    @MethodSource("writers")
    void dataThenNameThenDirectoryThenWhatWasReplaced(String line) throws Exception {
        Path out = Files.createDirectory(directory.resolve("out")).toRealPath();
        Undocker.command(arguments(line, out)).succeed();
        List<String> calls = calls(out, line);
        int renamed = first(calls, "rename");
        assertThat(last(calls.subList(0, renamed), "fsync", "syncfs")).isLessThan(renamed);
        int named = last(calls, "fsync");
        assertThat(calls.get(named)).contains("<" + out + ">");
        assertThat(last(calls, "rename")).isLessThan(named);
        assertThat(first(calls, "unlink", "rmdir")).isGreaterThan(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rootfs --no-sync IMAGE OUT/new.tar",
                "dir --no-sync --force IMAGE OUT/new",
            })
    void noSyncWaitsForNothing(String line) throws Exception {
        Path out = Files.createDirectory(directory.resolve("out")).toRealPath();
        Undocker.command(arguments(line, out)).succeed();
        assertThat(calls(out, line)).isNotEmpty().noneMatch(call -> call.contains("sync"));
    }

    /// A large output goes to the disk while it is written. The kernel tells a failure once, to the
    /// first who asks: the last call would not hear of it.
    @ParameterizedTest
    @CsvSource({
        "rootfs, large.tar, fdatasync, fsync, '', ''",
        "rootfs, large.tar, fdatasync, fsync, --inject=fdatasync:error=EIO:when=1,"
                + " large.tar: Input/output error",
        "dir, large, syncfs, syncfs, '', ''",
        "dir, large, syncfs, syncfs, --inject=syncfs:error=EIO:when=1, large: input/output error",
    })
    void aLargeOutputIsBroughtToTheDiskEarly(
            String command, String name, String early, String last, String fault, String error)
            throws Exception {
        Path large = directory.resolve("large.tar");
        ImageBuilder.image(layer().file("zeros", "x".repeat(LARGE)).toBytes())
                .packed(ImageBuilder.Packing.GZIP)
                .docker(ImageBuilder.Dialect.SAVE)
                .tar(large);
        Path out = Files.createDirectory(directory.resolve("out"));
        Undocker.Result result =
                traced(early + "," + last, fault, command, large, out.resolve(name)).run();
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(error.isEmpty() ? 0 : 1);
        assertThat(log().getFirst())
                .contains(early + "(")
                .contains("/.%s.undocker-".formatted(name));
        if (error.isEmpty()) {
            assertThat(log()).filteredOn(call -> call.contains(last + "(")).hasSizeGreaterThan(1);
            assertThat(out).isDirectoryContaining(file -> file.endsWith(name));
        } else {
            // strace fails the first call of each thread: the last one would fail by itself
            assertThat(log()).filteredOn(call -> call.contains(early + "(")).hasSize(1);
            assertThat(result.errors()).contains(error);
            assertThat(out).isEmptyDirectory();
        }
    }

    @Test
    void aPowerCutTakesNothing() throws Exception {
        try (LoopDevice disk = LoopDevice.ext4(directory, 256)) {
            List<Path> outputs = new ArrayList<>();
            List<Path> expected = new ArrayList<>();
            for (int i = 0; i < EveryWriter.LINES.size(); i++) {
                Path kept = Files.createDirectory(directory.resolve("kept" + i));
                Undocker.command(arguments(EveryWriter.LINES.get(i), kept)).succeed();
                Path out = Files.createDirectory(disk.path().resolve("out" + i));
                // all else is there for long; then the older output is replaced
                Undocker.command(arguments(EveryWriter.LINES.get(i), out)).succeed();
                Undocker.program(Requirements.tool("sync")).succeed();
                Undocker.command(arguments(EveryWriter.LINES.get(i), out)).succeed();
                disk.cutPower();
                outputs.add(out);
                expected.add(kept);
            }
            for (int i = 0; i < EveryWriter.LINES.size(); i++) {
                Undocker.program(
                                Requirements.tool("diff"),
                                "-r",
                                "--no-dereference",
                                "--exclude=.*.undocker-*", // the next run's to remove
                                "--ignore-matching-lines=lxc.rootfs.path", // both name where they
                                // are
                                "--ignore-matching-lines=lxc.include",
                                "--ignore-matching-lines=^#| ",
                                expected.get(i),
                                outputs.get(i))
                        .succeed();
            }
        }
    }
}
