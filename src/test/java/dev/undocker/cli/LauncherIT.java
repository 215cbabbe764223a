package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The launcher finds its jar wherever it is called from, and a Java that can run it.
class LauncherIT {
    private static Undocker.Result usual;

    @TempDir private Path directory;

    @BeforeAll
    static void runOnce() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Files.isDirectory(Undocker.home().resolve("lib")),
                "a native executable has no launcher");
        usual = Undocker.command("--version").run();
        assertThat(usual.exitCode()).as(usual.errors()).isZero();
    }

    @Test
    void anyDirectory() throws Exception {
        assertUsual(Undocker.command("--version").in(Path.of("/")));
        assertUsual(
                Undocker.program(Path.of("./undocker"), "--version")
                        .in(Undocker.launcher().getParent()));
        assertUsual(
                Undocker.program(Path.of("/bin/sh"), "undocker", "--version")
                        .in(Undocker.launcher().getParent()));
    }

    @Test
    void foundOnThePath() throws Exception {
        assertUsual(
                Undocker.program(Path.of("/usr/bin/env"), "undocker", "--version")
                        .with("PATH", Undocker.launcher().getParent() + ":" + System.getenv("PATH"))
                        .in(directory));
    }

    @Test
    void throughSymbolicLinks() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("first"), Undocker.launcher());
        Path second = Files.createSymbolicLink(directory.resolve("second"), Path.of("first"));
        assertUsual(Undocker.program(link, "--version"));
        assertUsual(Undocker.program(second, "--version").in(Path.of("/")));
    }

    @Test
    void movedToPathWithSpaces() throws Exception {
        assertUsual(Undocker.program(copy().resolve("bin/undocker"), "--version"));
    }

    @Test
    void otherShell() throws Exception {
        Path busybox = Requirements.tool("busybox");
        assertUsual(Undocker.program(busybox, "sh", Undocker.launcher(), "--version"));
    }

    @Test
    void olderJavaIsPassedOver() throws Exception {
        Path older = javaThatExitsWith99("17.0.15");
        assertUsual(
                Undocker.command("--version")
                        .with("JAVA_HOME", older.toString())
                        .with("UNDOCKER_JAVA_HOME", ""));
    }

    @Test
    void chosenJavaThatIsNoneIsRefused() throws Exception {
        for (Path chosen : List.of(directory.resolve("nothing"), javaThatExitsWith99("17.0.15"))) {
            Undocker.Result result =
                    Undocker.command("--version")
                            .with("UNDOCKER_JAVA_HOME", chosen.toString())
                            .run();
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.text()).isEmpty();
            assertThat(result.errors())
                    .isEqualTo(
                            "undocker: UNDOCKER_JAVA_HOME: there is no Java 25 or newer in %s\n"
                                    .formatted(chosen));
        }
    }

    @Test
    void chosenJavaIsUsed() throws Exception {
        Path chosen = javaThatExitsWith99("26");
        Undocker.Result result =
                Undocker.command("--version").with("UNDOCKER_JAVA_HOME", chosen.toString()).run();
        assertThat(result.exitCode()).isEqualTo(99);
    }

    @Test
    void noJavaIsOneSentence() throws Exception {
        Requirements.root();
        Undocker.Result result =
                Undocker.program(
                                Requirements.tool("unshare"),
                                "--mount",
                                "sh",
                                "-c",
                                "mount -t tmpfs none /usr/lib/jvm && exec \"$0\" --version",
                                Undocker.launcher())
                        .with("PATH", "/usr/bin:/bin")
                        .with("JAVA_HOME", "")
                        .with("UNDOCKER_JAVA_HOME", "")
                        .run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.text()).isEmpty();
        assertThat(result.errors())
                .startsWith("undocker: no Java 25 or newer was found: install")
                .hasLineCount(1);
    }

    @Test
    void missingCacheIsSilent() throws Exception {
        Path copy = copy();
        Files.delete(cache(copy));
        assertUsual(Undocker.program(copy.resolve("bin/undocker"), "--version"));
    }

    @Test
    void damagedCacheIsSilent() throws Exception {
        Path copy = copy();
        byte[] bytes = Files.readAllBytes(cache(copy));
        for (byte[] damaged :
                List.of(
                        new byte[0],
                        "not a cache".getBytes(UTF_8),
                        Arrays.copyOf(bytes, bytes.length / 2))) {
            Files.write(cache(copy), damaged);
            assertUsual(Undocker.program(copy.resolve("bin/undocker"), "--version"));
        }
    }

    /// Also after the distribution was moved with its times. In this mode a cache that cannot be
    /// used is fatal.
    @Test
    void cacheIsUsed() throws Exception {
        Path copy = copy();
        Undocker insisting =
                Undocker.program(copy.resolve("bin/undocker"), "--version")
                        .with("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on");
        assertThat(insisting.run().exitCode()).isZero();
        Files.writeString(cache(copy), "not a cache");
        assertThat(insisting.run().exitCode()).isNotZero();
    }

    private static void assertUsual(Undocker undocker) throws IOException, InterruptedException {
        Undocker.Result result = undocker.run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.text()).isEqualTo(usual.text());
        assertThat(result.errors()).isEqualTo(usual.errors());
    }

    private Path javaThatExitsWith99(String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve("java/bin")).getParent();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nexit 99\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private Path copy() throws IOException {
        Path copy = directory.resolve("with some spaces");
        try (Stream<Path> paths = Files.walk(Undocker.home())) {
            for (Path path : paths.toList()) {
                Files.copy(
                        path,
                        copy.resolve(Undocker.home().relativize(path)),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return copy;
    }

    private static Path cache(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".aot")).findFirst().orElseThrow();
        }
    }
}
