package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.HelloImage;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// The packages that the build leaves install, work, and go without a trace, in a Debian system as
/// debootstrap makes it. No Java is installed there: a package that stands in for one brings the
/// JDK of this test. The package of a native build needs none.
class InstallIT {
    private static final Path TARGET = Undocker.home().getParent();

    @TempDir private Path directory;

    private static void needsJar() {
        Assumptions.assumeTrue(!Undocker.isNative(), "the distribution holds a native executable");
    }

    private static Path debianPackage() throws IOException {
        return built(Undocker.isNative() ? "undocker_*_a*64.deb" : "undocker_*_all.deb");
    }

    @Test
    void packageIsAsDebianWantsIt() throws Exception {
        Path lintian = Requirements.tool("lintian");
        Undocker.Result result =
                Undocker.program(
                                lintian,
                                "--allow-root",
                                "--fail-on=error,warning,info",
                                "--display-info",
                                debianPackage())
                        .run();
        assertThat(result.text()).isEmpty();
        assertThat(result.exitCode()).as(result.errors()).isZero();
    }

    /// What differs from build to build is not in it: times, owners, a cache, what Quarkus records
    /// on several threads, the order in which it did.
    @Test
    void archiveHoldsNothingOfThisBuild() throws Exception {
        needsJar();
        Set<Object> times = new HashSet<>();
        Set<String> owners = new HashSet<>();
        List<String> names = new ArrayList<>();
        List<String> classes = new ArrayList<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new GZIPInputStream(Files.newInputStream(built("undocker-*.tar.gz"))))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                names.add(entry.getName());
                times.add(entry.getLastModifiedTime().toInstant());
                owners.add(entry.getUserName() + entry.getLongUserId());
                if (entry.getName().endsWith(".jar") && entry.getName().contains("lib/undocker-")) {
                    ZipInputStream jar = new ZipInputStream(tar);
                    for (ZipEntry type = jar.getNextEntry();
                            type != null;
                            type = jar.getNextEntry()) {
                        classes.add(type.getName());
                        times.add(type.getTimeLocal().toInstant(ZoneOffset.UTC));
                    }
                }
            }
        }
        assertThat(times).containsExactly(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(owners).containsExactly("root0");
        assertThat(names).noneMatch(name -> name.endsWith(".aot"));
        assertThat(classes)
                .isSorted()
                .contains("dev/undocker/cli/Main.class")
                .noneMatch(name -> name.startsWith("io/quarkus/runner/"));
    }

    @Test
    void installedUsedAndPurged() throws Exception {
        needsJar();
        Requirements.root();
        Requirements.tools("unshare", "dpkg-deb", "man");
        bring(debianPackage(), built("undocker-*.tar.gz"));
        for (String block : new String[] {"debian-package", "archive"}) {
            Files.writeString(directory.resolve(block), Readme.commands(block));
        }
        leavesNothing("debian-package.sh");
        assertDone("by-package", "by-archive");
    }

    /// Without Java, a start-up cache, and anything that somebody would have to run at
    /// installation.
    @Test
    void executableInstalledUsedAndPurged() throws Exception {
        Assumptions.assumeTrue(Undocker.isNative(), "the distribution holds a launcher and a jar");
        Requirements.root();
        Requirements.tools("unshare", "dpkg-deb", "man");
        bring(debianPackage(), built("undocker-*-linux-*.tar.gz"));
        leavesNothing("native-package.sh");
        assertDone("by-package", "by-archive");
        Path control = Files.createDirectory(directory.resolve("control"));
        Undocker.program(Requirements.tool("dpkg-deb"), "--control", debianPackage(), control)
                .succeed();
        try (Stream<Path> files = Files.list(control)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("control", "md5sums");
        }
    }

    /// Puts files into `target` of the fresh system's folder, and an image into `examples`.
    private void bring(Path... files) throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));
        for (Path file : files) {
            Files.copy(file, target.resolve(file.getFileName()));
        }
        Path examples = Files.createDirectory(directory.resolve("examples"));
        Files.write(examples.resolve("hello.tar"), HelloImage.bytes());
    }

    private void assertDone(String... runs) throws Exception {
        Undocker.Result usual =
                Undocker.command("rootfs", directory.resolve("examples/hello.tar"), "-").succeed();
        for (String by : runs) {
            assertThat(directory.resolve(by + ".errors")).isEmptyFile();
            assertThat(directory.resolve(by + ".tar")).hasBinaryContent(usual.output());
        }
    }

    @Test
    void rpmHoldsWhatTheDebianPackageHolds() throws Exception {
        needsJar();
        Path rpm = built("undocker-*.noarch.rpm");
        assertThat(query(rpm, "--list")).containsExactlyInAnyOrderElementsOf(asRpm(debianFiles()));
        assertThat(query(rpm, "--requires")).contains("java-25-headless");
        assertThat(query(rpm, "--queryformat", "[%{FILEUSERNAME} %{FILEGROUPNAME}\\n]"))
                .containsOnly("root root");
        assertThat(Undocker.program(Requirements.tool("rpm"), "-K", rpm).succeed().text())
                .contains("digests OK");
    }

    @Test
    void rpmInstalledUsedAndErased() throws Exception {
        needsJar();
        Requirements.root();
        Requirements.tools("unshare", "rpm");
        Files.copy(built("undocker-*.noarch.rpm"), directory.resolve("undocker.rpm"));
        bring();
        leavesNothing("rpm.sh");
        assertDone("by-package");
    }

    /// Runs a script that installs and removes undocker in a fresh system.
    private void leavesNothing(String script) throws Exception {
        for (String name : new String[] {"fresh-system.sh", script}) {
            try (InputStream in = InstallIT.class.getResourceAsStream(name)) {
                Files.copy(in, directory.resolve(name));
            }
        }
        Undocker.Result result =
                Undocker.program(
                                Requirements.tool("unshare"),
                                "--mount",
                                "sh",
                                directory.resolve(script),
                                freshDebian(),
                                System.getProperty("java.home"),
                                directory)
                        .run();
        assertThat(result.exitCode()).as(result.text() + result.errors()).isZero();
        assertThat(directory.resolve("after")).hasSameTextualContentAs(directory.resolve("before"));
    }

    private static List<String> query(Path rpm, String... what) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("--query", "--package"));
        arguments.addAll(List.of(what));
        arguments.add(rpm);
        return Undocker.program(Requirements.tool("rpm"), arguments.toArray())
                .succeed()
                .text()
                .lines()
                .toList();
    }

    /// Files and links, without directories.
    private static List<String> debianFiles() throws Exception {
        return Undocker.program(Requirements.tool("dpkg-deb"), "--contents", debianPackage())
                .succeed()
                .text()
                .lines()
                .filter(line -> !line.startsWith("d"))
                .map(line -> line.replaceFirst("^(?:\\S+\\s+){5}\\.", "").split(" -> ")[0])
                .toList();
    }

    /// The places that differ, what Debian alone wants, and directories that are undocker's own.
    private static List<String> asRpm(List<String> debian) {
        return Stream.concat(
                        debian.stream()
                                .filter(file -> !file.contains("/lintian/"))
                                .filter(file -> !file.endsWith("/changelog.gz"))
                                .map(file -> file.replace("vendor-completions", "site-functions")),
                        Stream.of(
                                "/usr/share/doc/undocker",
                                "/usr/share/sbom",
                                "/usr/share/undocker",
                                "/usr/share/undocker/bin",
                                "/usr/share/undocker/lib",
                                "/var/cache/undocker"))
                .toList();
    }

    private static Path built(String pattern) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(TARGET, pattern)) {
            return files.iterator().next();
        }
    }

    /// Made once and kept, because it takes half a minute and comes from afar.
    private static Path freshDebian() throws IOException, InterruptedException {
        Path debootstrap = Requirements.tool("debootstrap");
        Properties system = new Properties();
        try (InputStream in = Files.newInputStream(Path.of("/etc/os-release"))) {
            system.load(in);
        }
        String release = system.getProperty("VERSION_CODENAME");
        Path kept =
                Files.createDirectories(
                        Path.of(System.getProperty("user.home"), ".cache/undocker-test"));
        Path tree = kept.resolve(release);
        if (!Files.exists(tree)) {
            Path unfinished = Files.createTempDirectory(kept, "unfinished");
            Undocker.Result result =
                    Undocker.program(debootstrap, "--variant=minbase", release, unfinished).run();
            Requirements.require(
                    result.exitCode() == 0, "needs Debian's archive: " + result.errors());
            Files.move(unfinished, tree);
        }
        return tree;
    }
}
