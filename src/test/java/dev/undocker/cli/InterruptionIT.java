package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A signal ends the program as it ends others, without a word and without leavings.
@Timeout(180)
class InterruptionIT {
    /// What a pipe holds (pipe(7)).
    private static final int PIPE = 1 << 16;

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

    /// Nothing can be cleaned up then; the next run does.
    @Test
    void theQuitKeyEndsTheProcess() throws Exception {
        Workplace place = Workplace.in(directory);
        Path image = image();
        Process process =
                new ProcessBuilder(
                                Requirements.tool("script").toString(),
                                "-qec",
                                String.join(" ", command(place, image)),
                                "/dev/null")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        Thread.sleep(1500);
        try (OutputStream keyboard = process.getOutputStream()) {
            keyboard.write('\\' & 0x1f);
            keyboard.flush();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(process.exitValue()).isEqualTo(131);
    }

    /// The virtual machine answers SIGQUIT of others with the stacks of its threads, and goes on;
    /// of its own crash it would write a report. A native executable ends by both, and writes one,
    /// too.
    @ParameterizedTest
    @CsvSource({"QUIT,0,131", "SEGV,134,99"})
    void whatTheRuntimeSaysIsNotAmongTheData(String signal, int machineExits, int nativeExits)
            throws Exception {
        int exitCode = Undocker.isNative() ? nativeExits : machineExits;
        Path image = image();
        byte[] whole = Undocker.command("rootfs", image, "-").succeed().output();
        Path output = directory.resolve("output");
        Process process =
                new ProcessBuilder(Undocker.command("rootfs", image, "-").command())
                        .directory(directory.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        awaitOpen(process, image);
        kill(process, signal);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(exitCode);
        byte[] written = Files.readAllBytes(output);
        assertThat(written).isEqualTo(Arrays.copyOf(whole, written.length));
        assertThat(exitCode != 0 || written.length == whole.length).isTrue();
    }

    /// An output in the making is removed and the process ends, whatever is at work: the library of
    /// zstd, threads of Java, or the kernel.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rootfs IMAGE OUT/new.tar",
                "rootfs --level 9 IMAGE OUT/new.tar.gz",
                "rootfs --level 9 IMAGE OUT/new.tar.xz",
                "rootfs --level 3 IMAGE OUT/new.tar.zst",
                "rootfs --level 19 IMAGE OUT/new.tar.zst",
                "incus --level 19 --compress zstd IMAGE OUT/new",
                "incus --split IMAGE OUT/new",
                "dir IMAGE OUT/new",
                "bundle IMAGE OUT/new",
                "lxc IMAGE OUT/new",
                "lxc --format dir --name new IMAGE OUT",
                "nspawn --name new IMAGE OUT",
                "squashfs --compress xz IMAGE OUT/new",
                "cpio IMAGE OUT/new.xz",
            })
    void everyWriterCleansUp(String line) throws Exception {
        if (line.startsWith("squashfs")) {
            Requirements.tool("tar2sqfs");
        }
        Path image = image();
        Path out = Files.createDirectory(directory.resolve("out"));
        Path errors = directory.resolve("errors");
        int interrupted = 0;
        for (int delay : List.of(0, 30, 120, 400)) {
            Process process =
                    new ProcessBuilder(
                                    Undocker.command(
                                                    (Object[])
                                                            line.replace("IMAGE", image.toString())
                                                                    .replace("OUT", out.toString())
                                                                    .split(" "))
                                            .command())
                            .redirectError(errors.toFile())
                            .start();
            while (process.isAlive() && Workplace.names(out).isEmpty()) {
                Thread.sleep(1);
            }
            Thread.sleep(delay);
            kill(process, "TERM");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("after %d ms", delay).isTrue();
            if (process.exitValue() != 0) {
                interrupted++;
                assertThat(process.exitValue()).isEqualTo(143);
                assertThat(Files.readAllLines(errors))
                        .as("after %d ms", delay)
                        .allMatch(said ->
                                said.contains("warning: the image names no command")
                                        || said.contains("warning: program /bin/sh:")
                                        || said.contains("warning: the image has no /usr"));
            }
            // the signal may come when all is done
            assertThat(Workplace.names(out))
                    .as("after %d ms", delay)
                    .noneMatch(name -> name.contains(".undocker-"));
            Undocker.program(Requirements.tool("rm"), "-rf", out).succeed();
            Files.createDirectory(out);
        }
        assertThat(interrupted).isPositive();
    }

    /// fakeroot keeps a daemon, which is no child of anybody's.
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 30, 100, 300, 1000})
    void noProgramIsLeft(int delay) throws Exception {
        Requirements.tools("mke2fs", "debugfs", "fakeroot");
        Path image = image();
        Path out = Files.createDirectory(directory.resolve("out"));
        String mark = "UNDOCKER_MARK=" + directory;
        ProcessBuilder builder =
                new ProcessBuilder(Undocker.command("ext4", image, out.resolve("new")).command())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("UNDOCKER_MARK", directory.toString());
        Process process = builder.start();
        while (process.isAlive() && Workplace.names(out).isEmpty()) {
            Thread.sleep(1);
        }
        Thread.sleep(delay);
        kill(process, "TERM");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 20 && !withEnvironment(mark).isEmpty(); i++) {
            // a killed process needs a moment
            Thread.sleep(100);
        }
        assertThat(withEnvironment(mark)).isEmpty();
    }

    private static List<String> withEnvironment(String variable) {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    try {
                        Path file = Path.of("/proc", Long.toString(process.pid()), "environ");
                        return List.of(Files.readString(file, ISO_8859_1).split("\0"))
                                .contains(variable);
                    } catch (IOException ended) {
                        return false;
                    }
                })
                .map(process -> process.info().commandLine().orElse("?"))
                .toList();
    }

    /// Words come after deeds: a pipe that nobody reads, as a stopped terminal, takes none.
    @Test
    void cleansUpWhileNobodyListens() throws Exception {
        Path image = image();
        Path out = Files.createDirectory(directory.resolve("out"));
        Path pipe = directory.resolve("pipe");
        Undocker.program(Requirements.tool("mkfifo"), pipe).succeed();
        try (RandomAccessFile errors = new RandomAccessFile(pipe.toFile(), "rw")) {
            Process process =
                    new ProcessBuilder(
                                    Undocker.command(
                                                    "rootfs",
                                                    "--progress=json",
                                                    "--level=9",
                                                    image,
                                                    out.resolve("new.tar.xz"))
                                            .command())
                            .redirectError(pipe.toFile())
                            .start();
            while (process.isAlive() && Workplace.names(out).isEmpty()) {
                Thread.sleep(1);
            }
            Undocker.program(
                            Requirements.tool("dd"),
                            "if=/dev/zero",
                            "of=" + pipe,
                            "bs=1",
                            "count=" + PIPE,
                            "oflag=nonblock")
                    .run();
            // until it has something to say
            Thread.sleep(1500);
            kill(process, "TERM");
            for (int i = 0; i < 100 && !Workplace.names(out).isEmpty(); i++) {
                Thread.sleep(100);
            }
            assertThat(process.isAlive()).isTrue();
            assertThat(Workplace.names(out)).isEmpty();
            errors.read(new byte[PIPE]);
            assertThat(process.waitFor()).isEqualTo(143);
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
        assertThat(code == 0 || !process.isAlive()).isTrue();
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
