package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.image.Digest;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/// `undocker cache`: what a user sees of the cache.
class CacheCommandTest {
    @TempDir Path directory;

    private Undocker.Result cache(String command, Object... more) {
        Object[] arguments = new Object[more.length + 4];
        arguments[0] = "cache";
        arguments[1] = command;
        arguments[2] = "--cache-dir";
        arguments[3] = directory;
        System.arraycopy(more, 0, arguments, 4, more.length);
        return CommandLineRun.of(arguments);
    }

    private Path put(String content, String used) throws IOException {
        Path blobs = Files.createDirectories(directory.resolve("v1/blobs/sha256"));
        Path blob = blobs.resolve(Digest.sha256(content.getBytes(UTF_8)).hex());
        Files.writeString(blob, content);
        return Files.setLastModifiedTime(blob, FileTime.from(Instant.parse(used)));
    }

    @Test
    void whatWasUsedLastIsListedFirst() throws IOException {
        Path old = put("old", "2025-01-02T03:04:05Z");
        Path young = put("younger", "2026-01-02T03:04:05Z");
        Files.writeString(old.resolveSibling("something-else"), "");
        Undocker.Result result = cache("ls");
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.text())
                .isEqualTo(
                        """
                        sha256:%s      7 B  2026-01-02T03:04:05Z
                        sha256:%s      3 B  2025-01-02T03:04:05Z
                        2 blobs, 10 B
                        """
                                .formatted(young.getFileName(), old.getFileName()));
    }

    @Test
    void anEmptyCacheIsNotMade() {
        assertThat(cache("ls").text()).isEqualTo("0 blobs, 0 B\n");
        assertThat(cache("prune").exitCode()).isZero();
        assertThat(cache("verify").exitCode()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void pruningLeavesWhatWasUsedLast() throws IOException {
        Path old = put("old", "2025-01-02T03:04:05Z");
        Path young = put("younger", "2026-01-02T03:04:05Z");
        Path partial =
                Files.createDirectories(directory.resolve("v1/partial"))
                        .resolve("sha256-" + Digest.sha256(new byte[0]).hex());
        Files.writeString(partial, "begun");
        assertThat(cache("prune", "--keep", "8").text())
                .isEqualTo("removed 1 blobs, 3 B, and 5 B of unfinished ones\n");
        assertThat(old).doesNotExist();
        assertThat(partial).doesNotExist();
        assertThat(young).exists();
        assertThat(cache("prune").exitCode()).isZero();
        assertThat(young).doesNotExist();
        assertThat(cache("prune", "--keep", "much").exitCode()).isEqualTo(2);
    }

    @Test
    void whatIsDamagedIsFound() throws IOException {
        Path good = put("good", "2025-01-02T03:04:05Z");
        assertThat(cache("verify").exitCode()).isZero();
        Path bad = Files.writeString(put("bad", "2025-01-02T03:04:05Z"), "worse");
        Undocker.Result result = cache("verify");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).isEqualTo("undocker: %s: damaged, removed\n".formatted(bad));
        assertThat(bad).doesNotExist();
        assertThat(good).exists();
        assertThat(cache("verify").exitCode()).isZero();
    }

    @Test
    void itsCommandsAreToldAndMeant() {
        Undocker.Result wrong = CommandLineRun.of("cache", "lss");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.errors())
                .isEqualTo("undocker: lss: no such command\nhint: did you mean ls?\n");
        assertThat(CommandLineRun.of("cache").exitCode()).isEqualTo(2);
        assertThat(CommandLineRun.of("cache", "--help").text()).contains("ls", "prune", "verify");
        assertThat(CommandLineRun.of("cache", "prune", "--help").text()).contains("--keep");
        assertThat(CommandLineRun.of("cashe").errors()).contains("did you mean cache?");
    }

    /// One that cannot be read, as on a bad disk, hides nothing of the others: where nothing is
    /// mapped, a process' memory is an I/O error (proc_pid_mem(5)).
    @Test
    void whatCannotBeReadIsDamaged() throws Exception {
        Requirements.root();
        Path good = put("good", "2025-01-02T03:04:05Z");
        Path bad = put("bad", "2025-01-02T03:04:05Z");
        Undocker.program(Requirements.tool("mount"), "--bind", "/proc/self/mem", bad).succeed();
        try {
            Undocker.Result result = cache("verify");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors()).contains(bad + ": damaged");
            assertThat(result.text()).contains("2 blobs").endsWith("checked, 1 damaged\n");
        } finally {
            Undocker.program(Requirements.tool("umount"), bad).succeed();
        }
        assertThat(good).exists();
    }

    @Test
    void whatArrivedInPartIsListed() throws IOException {
        put("whole", "2025-01-02T03:04:05Z");
        Files.writeString(
                Files.createDirectories(directory.resolve("v1/partial"))
                        .resolve("sha256-" + Digest.sha256(new byte[0]).hex()),
                "begun");
        assertThat(cache("ls").text()).endsWith("1 blobs, 5 B, and 5 B of unfinished ones\n");
    }

    @Test
    void anEmptyNameIsNoDirectory() {
        Undocker.Result result = CommandLineRun.of("cache", "ls", "--cache-dir", "");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains("--cache-dir: is empty");
    }
}
