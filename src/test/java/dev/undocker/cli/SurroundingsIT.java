package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.HelloImage;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Stranger;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// What lies around and is another program's business does not touch a run.
class SurroundingsIT {
    @TempDir private Path directory;

    @Test
    void settingsOfOthersAreNotRead() throws Exception {
        Path image = Files.write(directory.resolve("hello.tar"), HelloImage.bytes());
        Files.writeString(directory.resolve(".env"), "FOLDER=C:\\users\n");
        Files.createDirectory(directory.resolve("config"));
        Files.writeString(
                directory.resolve("config/application.properties"), "quarkus.log.level=TRACE\n");

        Undocker.Result result =
                Undocker.command("rootfs", image, "out.tar")
                        .in(directory)
                        .with("QUARKUS_LOG_LEVEL", "nonsense")
                        .run();

        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    /// Some shells have a word of their own to say first.
    @Test
    void theCurrentDirectoryIsGone() throws Exception {
        Undocker.Result result =
                Undocker.program(
                                Path.of("/bin/sh"),
                                "-c",
                                "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" --version",
                                Undocker.launcher())
                        .in(directory)
                        .run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.text()).isEmpty();
        assertThat(result.errors())
                .endsWith(
                        """
                        undocker: the current directory does not exist any more
                        hint: change to another one
                        """)
                .doesNotContain("\tat ");
    }

    /// A virtual machine does not start there.
    @Test
    void theCurrentDirectoryCannotBeSearched() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Stranger stranger = Stranger.in(directory);
        Undocker.Result result =
                stranger.program(
                                "/bin/sh",
                                "-c",
                                "mkdir closed && cd closed && chmod 600 . && exec \"$0\" --version",
                                stranger.home().resolveSibling("program/bin/undocker"))
                        .run();
        if (Undocker.isNative()) {
            assertThat(result.errors()).isEmpty();
            return;
        }
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .endsWith(
                        """
                        undocker: the current directory cannot be searched: permission denied
                        hint: change to another one
                        """);
    }

    @Test
    void aSwitchWithoutThatPositionIsRefused() throws Exception {
        Path image = Files.write(directory.resolve("hello.tar"), HelloImage.bytes());
        Undocker.Result result =
                Undocker.command("rootfs", image, "-").with("UNDOCKER_SYSCALLS", "bogus").run();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors())
                .isEqualTo("undocker: UNDOCKER_SYSCALLS: bogus: is not one of java\n");
    }

    @Test
    void limitsAreAtLeastOne() throws Exception {
        Path image = Files.write(directory.resolve("hello.tar"), HelloImage.bytes());
        Undocker.Result result = Undocker.command("ls", "--max-entries", "-1", image).run();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).startsWith("undocker: --max-entries: must be at least 1\n");
    }

    /// As ulimits on shared machines are: room for what is used, not for all that might be.
    @Test
    void eightGigabytesOfAddressesAreEnough() throws Exception {
        Path image = Files.write(directory.resolve("hello.tar"), HelloImage.bytes());
        Undocker.Result result =
                Undocker.program(
                                Path.of("/bin/sh"),
                                "-c",
                                "ulimit -v 8000000 && exec \"$0\" rootfs \"$1\" out.tar",
                                Undocker.launcher(),
                                image)
                        .in(directory)
                        .run();

        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    /// Whoever asks a resolver, even for the machine's own name, may wait for many seconds where no
    /// network answers.
    @Test
    void nothingIsResolved() throws Exception {
        Requirements.tools("strace");
        Path image = Files.write(directory.resolve("hello.tar"), HelloImage.bytes());
        Path trace = directory.resolve("trace");

        Undocker.Result result =
                Undocker.program(
                                Path.of("strace"),
                                "-f",
                                "-e",
                                "trace=open,openat,connect",
                                "-o",
                                trace,
                                Undocker.launcher(),
                                "rootfs",
                                image,
                                directory.resolve("out.tar"))
                        .with("HOSTNAME", "")
                        .run();

        assertThat(result.exitCode()).as(result.errors()).isZero();
        List<String> calls = Files.readAllLines(trace);
        assertThat(calls).anyMatch(call -> call.contains("hello.tar"));
        assertThat(calls)
                .noneMatch(call -> call.contains("/etc/hosts"))
                .noneMatch(call -> call.contains("/etc/resolv.conf"))
                .noneMatch(call -> call.contains("connect(") && call.contains("AF_INET"));
    }
}
