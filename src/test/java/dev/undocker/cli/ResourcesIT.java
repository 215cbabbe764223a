package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Endurance;
import dev.undocker.testing.InMemory;
import dev.undocker.testing.LoopDevice;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What runs out, or is not to be had at all: each writer names it in one sentence, leaves nothing,
/// and leaves alone what was there.
@Timeout(1800)
class ResourcesIT {
    private static final List<Long> BYTES =
            List.of(
                    0L,
                    4096L,
                    16_384L,
                    65_536L,
                    131_072L,
                    262_144L,
                    299_008L,
                    311_296L,
                    1_048_576L);

    /// More than any file: mkfs.erofs makes its own 2 TiB long first, all of it a hole.
    private static final long FILE = 1L << 42;

    private static final List<Long> NAMES = List.of(0L, 1L, 2L, 3L, 4L, 5L, 8L, 40L);

    private static final String FULL = "(?i)no space left on device|not enough space: ";

    /// The first that is made on a btrfs.
    private static final String SUBVOLUME = "0/256";

    private static CommandLineServer well;
    private static CommandLineServer limited;

    @TempDir(factory = InMemory.class)
    private Path directory;

    private final List<String> broken = new ArrayList<>();
    private int runs;

    /// Something that there is too little of.
    ///
    /// @param amounts from too little to enough
    /// @param says what a refusal contains one of, a regular expression
    private record Shortage(List<Long> amounts, String says, Limit limit) {}

    private interface Limit {
        /// @return takes it back
        Undo set(Trial.Place place, long amount) throws Exception;
    }

    private interface Undo {
        void undo() throws Exception;
    }

    @BeforeAll
    static void start() throws IOException {
        Requirements.root();
        well = CommandLineServer.start(Map.of());
        limited = CommandLineServer.start(Map.of());
    }

    @AfterAll
    static void stop() {
        well.close();
        limited.close();
    }

    private static void run(String program, Object... arguments) throws Exception {
        Undocker.program(Requirements.tool(program), arguments).succeed();
    }

    /// Tries each amount; what is there less of than is needed leads to a refusal, and enough of it
    /// to the output.
    ///
    /// @param parent of the places
    private void tryOut(Trial trial, Path parent, Shortage shortage) throws Exception {
        Undocker.Result result = null;
        for (long amount : shortage.amounts()) {
            Trial.Place place = trial.place(parent.resolve("place" + runs++));
            Undo limit = shortage.limit().set(place, amount);
            Object[] arguments = place.arguments(trial.line(), place.image());
            Snapshot left;
            List<String> temporary;
            try {
                result = limited.run(arguments);
                left = place.snapshot(true);
                temporary =
                        Files.isDirectory(place.temporary())
                                ? Workplace.names(place.temporary())
                                : List.of();
            } finally {
                limit.undo();
            }
            String what = "%s, %d: ".formatted(shortage.says(), amount);
            if (!left.equals(result.exitCode() == 0 ? trial.complete() : trial.before())
                    || !temporary.isEmpty()) {
                broken.add(what + "left " + left.against(trial.before()) + temporary);
            }
            if (result.exitCode() != 0 && !isRefusal(place, result, shortage.says())) {
                broken.add(what + result.exitCode() + ": " + result.errors());
            }
            String sentence = trial.broken(place, result, false);
            if (!sentence.isEmpty()) {
                broken.add(what + sentence);
            }
            place.remove();
        }
        if (result == null || result.exitCode() != (shortage.amounts().size() == 1 ? 1 : 0)) {
            broken.add(trial.line() + ", " + shortage.says() + ": nothing was tried: " + result);
        }
    }

    /// What is full is below the place, or a limit of this process, which a program would share.
    private static boolean isRefusal(Trial.Place place, Undocker.Result result, String says) {
        return result.exitCode() == 1
                && Workplace.Refusal.afterWarnings(result.errors())
                        .sentence()
                        .matches(
                                "(\\Q%s\\E/.*|[a-z.-]+: cannot be started: )(%s).*"
                                        .formatted(place.path(), says));
    }

    /// Leaves so many bytes of a file system free.
    private static Undo fill(Path disk, long free) throws IOException {
        Path filler = disk.resolve("filler");
        try (FileChannel file =
                FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            fillUp(file);
            file.truncate(file.size() - free);
        }
        return () -> Files.delete(filler);
    }

    private static void fillUp(FileChannel file) {
        try {
            while (true) {
                file.write(ByteBuffer.allocate(1 << 16));
            }
        } catch (IOException full) {
            // as it is to be
        }
    }

    /// Leaves room for so many names.
    private static Undo fillWithNames(Path disk, long free) throws IOException {
        Path names = Files.createDirectory(disk.resolve("names"));
        int made = 0;
        try {
            while (true) {
                Files.createFile(names.resolve("name" + made));
                made++;
            }
        } catch (IOException full) {
            for (int i = 0; i < free; i++) {
                Files.delete(names.resolve("name" + --made));
            }
        }
        return () -> {
            Snapshot.clear(names);
            Files.delete(names);
        };
    }

    private static Undo remount(Path disk, String how, String back) throws Exception {
        run("mount", "-o", "remount," + how, disk);
        return () -> run("mount", "-o", "remount," + back, disk);
    }

    /// Sets a limit of the running process.
    private static Undo limit(String name, long value) throws Exception {
        long process = limited.process().pid();
        String[] usual =
                Undocker.program(
                                Requirements.tool("prlimit"),
                                "--pid",
                                process,
                                "--raw",
                                "--noheadings",
                                "--output=SOFT",
                                "--" + name)
                        .succeed()
                        .text()
                        .strip()
                        .split(" ");
        run("prlimit", "--pid", process, "--%s=%d:".formatted(name, value));
        return () -> run("prlimit", "--pid", process, "--%s=%s:".formatted(name, usual[0]));
    }

    private static Undo limitOpenFiles(long more) throws Exception {
        long process = limited.process().pid();
        return limit("nofile", Workplace.names(Path.of("/proc/" + process + "/fd")).size() + more);
    }

    /// Puts the temporary directory elsewhere.
    private static void moveTemporary(Trial.Place place, Path to) throws IOException {
        Files.delete(place.temporary());
        Files.createSymbolicLink(place.temporary(), to);
    }

    private void tryDestinations(Trial trial, Path disk) throws Exception {
        Path temporary = Files.createDirectories(directory.resolve("temporary"));
        for (Shortage shortage :
                List.of(
                        new Shortage(BYTES, FULL, (place, free) -> fill(disk, free)),
                        new Shortage(NAMES, FULL, (place, free) -> fillWithNames(disk, free)),
                        new Shortage(
                                List.of(0L),
                                "(?i)read-only file system|is not writable",
                                (place, none) -> remount(disk, "ro", "rw")))) {
            Limit limit =
                    (place, amount) -> {
                        moveTemporary(place, temporary);
                        return shortage.limit().set(place, amount);
                    };
            tryOut(trial, disk, new Shortage(shortage.amounts(), shortage.says(), limit));
        }
    }

    private void tryTemporaryDirectories(Trial trial, Path disk) throws Exception {
        Path temporary = Files.createDirectories(disk.resolve("temporary"));
        Path places = Files.createDirectories(directory.resolve("places"));
        for (Shortage shortage :
                List.of(
                        new Shortage(BYTES, FULL, (place, free) -> fill(disk, free)),
                        new Shortage(NAMES, FULL, (place, free) -> fillWithNames(disk, free)),
                        new Shortage(
                                List.of(0L),
                                "(?i)read-only file system|is not writable",
                                (place, none) -> remount(disk, "ro", "rw")),
                        new Shortage(
                                List.of(0L),
                                "no such file or directory",
                                (place, none) -> {
                                    Files.delete(temporary);
                                    return () -> Files.createDirectory(temporary);
                                }),
                        // nothing is run there
                        new Shortage(
                                List.of(0L, 0L),
                                "nothing",
                                (place, none) -> remount(disk, "noexec", "exec")))) {
            Limit limit =
                    (place, amount) -> {
                        moveTemporary(place, temporary);
                        return shortage.limit().set(place, amount);
                    };
            tryOut(trial, places, new Shortage(shortage.amounts(), shortage.says(), limit));
        }
    }

    /// Lets the files on a btrfs take so many bytes more; other file systems need a kernel that is
    /// built for it.
    private static Undo limitByQuota(Path disk, long more) throws Exception {
        run("btrfs", "filesystem", "sync", disk);
        String[] used =
                Undocker.program(Requirements.tool("btrfs"), "qgroup", "show", "--raw", disk)
                        .succeed()
                        .text()
                        .lines()
                        .filter(line -> line.startsWith(SUBVOLUME + " "))
                        .findFirst()
                        .orElseThrow()
                        .split(" +");
        run("btrfs", "qgroup", "limit", Long.parseLong(used[1]) + more, SUBVOLUME, disk);
        return () -> run("btrfs", "qgroup", "limit", "none", SUBVOLUME, disk);
    }

    private void tryLimits(Trial trial, Path places) throws Exception {
        tryOut(
                trial,
                places,
                new Shortage(
                        Stream.concat(BYTES.stream(), Stream.of(FILE)).toList(),
                        "(?i)file too large",
                        (place, size) -> limit("fsize", size)));
        tryOut(
                trial,
                places,
                new Shortage(
                        List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 100L),
                        "(?i)too many open files",
                        (place, more) -> limitOpenFiles(more)));
    }

    private void tryAll(Path disk, List<String> lines) throws Exception {
        for (String line : lines) {
            Trial trial = trial(line);
            tryDestinations(trial, disk);
            tryTemporaryDirectories(trial, disk);
            tryLimits(trial, Files.createDirectories(directory.resolve("places")));
        }
        tell();
    }

    private void tell() {
        System.out.printf("%d runs%n", runs);
        assertThat(broken).isEmpty();
    }

    @Test
    void aTree() throws Exception {
        inMemory(List.of("dir --force IMAGE OUT/new"));
    }

    @Test
    @Tag(Endurance.TAG)
    void everyWriter() throws Exception {
        inMemory(EveryWriter.some(Endurance.scaled(4)));
    }

    private Trial trial(String line) throws IOException {
        // all classes are there then, those of a refusal too
        Trial.Place warm =
                Trial.of(line, limited, true, directory.resolve("warm"))
                        .place(directory.resolve("warm"));
        assertThat(limited.run("cat", warm.image(), "no/such/file").exitCode()).isEqualTo(1);
        warm.remove();
        return Trial.of(line, well, true, directory.resolve("model"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rootfs IMAGE OUT/new.tar", "dir --force IMAGE OUT/new"})
    @Tag(Endurance.TAG)
    void aQuota(String line) throws Exception {
        try (LoopDevice disk = LoopDevice.of("btrfs", directory, 200)) {
            run("btrfs", "quota", "enable", disk.path());
            Path places = disk.path().resolve("places");
            run("btrfs", "subvolume", "create", places);
            tryOut(
                    trial(line),
                    places,
                    new Shortage(
                            List.of(0L, 4096L, 65_536L, 131_072L, 262_144L, 1L << 25),
                            "(?i)disk quota exceeded",
                            (place, more) -> limitByQuota(disk.path(), more)));
        }
        tell();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rootfs IMAGE OUT/new.tar", "dir --force IMAGE OUT/new"})
    @Tag(Endurance.TAG)
    void limitsOnADisk(String line) throws Exception {
        try (LoopDevice disk = LoopDevice.ext4(directory, 100)) {
            tryLimits(trial(line), disk.path());
        }
        tell();
    }

    private void inMemory(List<String> lines) throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=4m,nr_inodes=300", "none", disk);
        try {
            tryAll(disk, lines);
        } finally {
            run("umount", disk);
        }
    }
}
