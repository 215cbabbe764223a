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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The launcher finds its jar wherever it is called from, and a Java that can run it.
class LauncherIT {
    private static final Path HELLO = Path.of("examples/hello.tar").toAbsolutePath();

    private static Undocker.Result usual;

    @TempDir private Path directory;

    @BeforeAll
    static void runOnce() throws IOException, InterruptedException {
        Assumptions.assumeTrue(!Undocker.isNative(), "a native executable has no launcher");
        usual = Undocker.command("--version").run();
        assertThat(usual.exitCode()).as(usual.errors()).isZero();
    }

    @Test
    void theRehearsalTakesNoArguments() throws Exception {
        Undocker.Result result = Undocker.command("rehearse", "--help").run();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).isEqualTo("undocker: rehearse: takes no arguments\n");
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

    /// Also after the distribution was moved with its times.
    @Test
    void cacheIsUsed() throws Exception {
        Path copy = copy();
        Undocker insisting = insisting(Undocker.program(copy.resolve("bin/undocker"), "--version"));
        assertThat(insisting.run().exitCode()).isZero();
        Files.writeString(cache(copy), "not a cache");
        assertThat(insisting.run().exitCode()).isNotZero();
    }

    /// A runtime image has other modules than the JDK, so the cache is not for it.
    @Test
    void otherJavaIsSilent() throws Exception {
        Path other = directory.resolve("java");
        Undocker.program(
                        Path.of(System.getProperty("java.home"), "bin/jlink"),
                        "--add-modules=java.management,java.naming,java.net.http,jdk.unsupported",
                        "--output=" + other)
                .succeed();
        Undocker conversion = conversion(Undocker.home());
        assertConverts(conversion.with("UNDOCKER_JAVA_HOME", other.toString()));
        assertThat(
                        insisting(conversion.with("UNDOCKER_JAVA_HOME", other.toString()))
                                .run()
                                .exitCode())
                .as("the cache was used")
                .isNotZero();
    }

    /// As after a copy without times.
    @Test
    void touchedJarIsSilent() throws Exception {
        Path copy = copy();
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(copy.resolve("lib"), "undocker-*.jar")) {
            Files.setLastModifiedTime(jars.iterator().next(), FileTime.fromMillis(0));
        }
        assertConverts(conversion(copy));
        assertThat(insisting(conversion(copy)).run().exitCode()).isNotZero();
    }

    /// With a cache and without.
    @Test
    void readOnlySystemAndUserWithoutHomeAreSilent() throws Exception {
        Requirements.root();
        Path copy = copy();
        // root alone may enter the directory of a test
        Path place = Files.createTempDirectory("undocker-readonly");
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
        String script =
                """
                mount --bind "$1" "$2" && mount -o remount,bind,ro "$2" && mount -o remount,bind,ro / &&
                cd / && exec env -u HOME setpriv --reuid=54321 --regid=54321 --clear-groups \
                    "$2/bin/undocker" rootfs - -
                """;
        try {
            Undocker conversion =
                    Undocker.program(
                                    Requirements.tool("unshare"),
                                    "--mount",
                                    "sh",
                                    "-c",
                                    script,
                                    "sh",
                                    copy,
                                    place)
                            .reading(HELLO);
            assertThat(insisting(conversion).run().exitCode()).isZero();
            assertConverts(conversion);
            Files.delete(cache(copy));
            assertConverts(conversion);
        } finally {
            Files.delete(place);
        }
    }

    private static Undocker conversion(Path home) {
        return Undocker.program(home.resolve("bin/undocker"), "rootfs", HELLO, "-");
    }

    /// In this mode a cache that cannot be used is fatal.
    private static Undocker insisting(Undocker undocker) {
        return undocker.with("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on");
    }

    private static void assertConverts(Undocker conversion) throws Exception {
        Undocker.Result result = conversion.run();
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).isEqualTo(conversion(Undocker.home()).succeed().output());
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
        try (Stream<Path> files = Files.list(home.resolve("lib/cache"))) {
            return files.filter(file -> file.toString().endsWith(".aot")).findFirst().orElseThrow();
        }
    }
}
