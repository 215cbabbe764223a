package dev.undocker.source.registry;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.Digest;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Stranger;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Runs that share a cache, die, or have a cache that cannot be used.
@Timeout(300)
class CacheIT {
    private static final int SIZE = 8 << 20;
    private static final byte[] LAYER = layer();

    @TempDir private Path directory;
    private HostileRegistry registry;
    private Path cache;

    private static byte[] layer() {
        byte[] noise = new byte[SIZE];
        new SplittableRandom(1).nextBytes(noise);
        return new FileSet().file("noise", noise).tar();
    }

    @BeforeEach
    void start() throws IOException {
        registry = new HostileRegistry();
        registry.serve(image(LAYER).oci());
        cache = Files.createDirectory(directory.resolve("cache"));
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    private Undocker pull(String out) {
        return Undocker.command(
                        "rootfs",
                        "--no-sync",
                        "--cache-dir",
                        cache,
                        "docker://%s/x:1".formatted(registry.host()),
                        out)
                .in(directory)
                .with("HOME", directory.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBlobIsOnTheDiskBeforeItHasItsNameUnlessTheUserDoesNotWait(boolean wait) throws Exception {
        Path log = directory.resolve("strace");
        List<Object> words =
                new ArrayList<>(
                        List.of("-f", "-y", "-qq", "-e", "trace=fsync,fdatasync,rename,renameat"));
        words.addAll(List.of("-o", log, Undocker.launcher(), "rootfs", "--cache-dir", cache));
        if (!wait) {
            words.add("--no-sync");
        }
        words.addAll(List.of("docker://%s/x:1".formatted(registry.host()), "/dev/null"));
        Undocker.program(Requirements.tool("strace"), words.toArray())
                .in(directory)
                .with("HOME", directory.toString())
                .succeed();
        String name = Digest.sha256(LAYER).hex();
        List<String> calls =
                Files.readAllLines(log).stream()
                        .filter(call -> call.contains(name))
                        .map(call -> call.replaceFirst("^[0-9]+ +([a-z]+).*", "$1"))
                        .toList();
        assertThat(calls).isEqualTo(wait ? List.of("fdatasync", "rename") : List.of("rename"));
    }

    private void succeed(String errors) throws Exception {
        Undocker.Result result = pull("out.tar").run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.errors()).matches(errors);
        assertThat(Files.size(directory.resolve("out.tar"))).isGreaterThan(SIZE);
    }

    private int asked() {
        return registry.requests(HostileRegistry.blob(LAYER)).size();
    }

    private Path partial() {
        return cache.resolve("v1/partial/sha256-" + Digest.sha256(LAYER).hex());
    }

    private Path kept() {
        return cache.resolve("v1/blobs/sha256/" + Digest.sha256(LAYER).hex());
    }

    @Test
    void tenRunsAtOnceFetchEachBlobOnce() throws Exception {
        List<Process> runs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            runs.add(pull("out%d.tar".formatted(i)).start());
        }
        for (Process run : runs) {
            assertThat(run.waitFor(200, TimeUnit.SECONDS)).isTrue();
            assertThat(new String(run.getErrorStream().readAllBytes())).isEmpty();
            assertThat(run.exitValue()).isZero();
        }
        assertThat(registry.requests("/v2/x/blobs/"))
                .extracting(HostileRegistry.Request::path)
                .hasSize(2)
                .doesNotHaveDuplicates();
        for (int i = 1; i < 10; i++) {
            assertThat(directory.resolve("out%d.tar".formatted(i)))
                    .hasSameBinaryContentAs(directory.resolve("out0.tar"));
        }
    }

    /// Half of the blob is here, and its run waits for the rest.
    private Process halfOfADownload() throws Exception {
        int sent = SIZE / 2;
        registry.on(
                HostileRegistry.blob(LAYER),
                (request, out) -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                                    .formatted(LAYER.length)
                                    .getBytes());
                    out.write(LAYER, 0, sent);
                    out.flush();
                    try {
                        Thread.sleep(100_000);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        Process run = pull("out.tar").start();
        while (run.isAlive() && partial().toFile().length() < sent) {
            Thread.sleep(20);
        }
        assertThat(partial()).hasSize(sent);
        return run;
    }

    @Test
    void aKilledDownloadIsContinued() throws Exception {
        halfOfADownload().destroyForcibly().waitFor();
        assertThat(partial()).hasSize(SIZE / 2);
        assertThat(kept()).doesNotExist();
        assertThat(directory.resolve("out.tar")).doesNotExist();
        registry.on(HostileRegistry.blob(LAYER), HostileRegistry.ranged(LAYER));
        succeed("");
        assertThat(registry.requests(HostileRegistry.blob(LAYER)).getLast().header("range"))
                .isEqualTo("bytes=%d-".formatted(SIZE / 2));
        assertThat(kept()).hasBinaryContent(LAYER);
        assertThat(partial()).doesNotExist();
    }

    @Test
    void whoWaitsForAStoppedRunSaysSo() throws Exception {
        Process stopped = halfOfADownload();
        Undocker.program(Requirements.tool("kill"), "-STOP", stopped.pid()).succeed();
        registry.on(HostileRegistry.blob(LAYER), HostileRegistry.ranged(LAYER));
        long begun = System.nanoTime();
        Process waiting = pull("other.tar").start();
        try (BufferedReader errors = waiting.errorReader()) {
            assertThat(errors.readLine())
                    .matches(
                            "undocker: warning: .*/cache/v1: another run fetches sha256:"
                                    + Digest.sha256(LAYER).hex()
                                    + " and gets nowhere; waiting 30 s for it at most");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(20));
            stopped.destroyForcibly().waitFor();
            assertThat(waiting.waitFor()).isZero();
            assertThat(errors.readLine()).isNull();
        }
        assertThat(kept()).hasBinaryContent(LAYER);
    }

    /// A file system of this size over the cache.
    private void mount(String size) throws Exception {
        Requirements.root();
        Undocker.program(
                        Requirements.tool("mount"),
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=" + size,
                        "none",
                        cache)
                .succeed();
    }

    private void unmount() throws Exception {
        Undocker.program(Requirements.tool("umount"), cache).succeed();
    }

    @Test
    void aFullDiskIsNoFailure() throws Exception {
        mount("1m");
        try {
            succeed("undocker: warning: .*/cache/v1: cannot keep what arrives: not enough space\n");
            assertThat(kept()).doesNotExist();
            assertThat(partial()).doesNotExist();
        } finally {
            unmount();
        }
    }

    /// The other half is taken while the blob arrives.
    @Test
    void aDiskThatBecomesFullIsNoFailure() throws Exception {
        mount("10m");
        try {
            registry.change(
                    HostileRegistry.blob(LAYER),
                    good ->
                            (request, out) -> {
                                Files.write(cache.resolve("filler"), new byte[SIZE / 2]);
                                good.to(request, out);
                            });
            succeed("undocker: warning: .*/cache/v1: cannot keep what arrives: No space left.*\n");
            assertThat(kept()).doesNotExist();
            assertThat(partial()).doesNotExist();
        } finally {
            unmount();
        }
    }

    @Test
    void aReadOnlyCacheIsRead() throws Exception {
        mount("20m");
        try {
            succeed("");
            Undocker.program(Requirements.tool("mount"), "-o", "remount,ro", cache).succeed();
            int before = asked();
            succeed("");
            assertThat(asked()).isEqualTo(before);
            registry.serve(image(new FileSet().file("other", new byte[SIZE]).tar()).oci());
            succeed("");
        } finally {
            unmount();
        }
    }

    /// As with sudo that leaves HOME as it was.
    @Test
    void anotherUsersCacheIsLeftAlone() throws Exception {
        Requirements.root();
        succeed("");
        Undocker.program(
                        Requirements.tool("chown"), "-R", "%1$d:%1$d".formatted(Stranger.ID), cache)
                .succeed();
        Files.write(kept(), Arrays.copyOf(LAYER, 100));
        int before = asked();
        succeed("undocker: warning: .*/cache/v1: another user's, not used as a cache\n");
        assertThat(asked()).isEqualTo(before + 1);
        assertThat(kept()).hasSize(100);
    }
}
