package dev.undocker.output.nspawn;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.TreeListing;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

class NspawnWriterTest implements WriterContract {
    @TempDir private Path directory;

    @BeforeEach
    void needsDevices() {
        Requirements.root();
    }

    @Override
    public OutputWriter writer() {
        return new NspawnWriter();
    }

    /// The image is called `test` here.
    @Override
    public String read(Path destination) throws Exception {
        return TreeListing.of(destination.resolve("test"))
                + Files.readString(destination.resolve("test.nspawn"));
    }

    private static OutputWriter.Settings settings(String... options) {
        OutputWriter.Settings settings = new NspawnWriter().newSettings();
        CommandOptions.read(settings::declare, options);
        return settings;
    }

    private void write(String content, String... options) throws IOException {
        try (Flatten flatten = Flatten.of(layer().file("file", content))) {
            OutputWriter.Settings settings = settings(options);
            settings.validate(directory.toString());
            flatten.write(settings, directory.toString());
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void machinesStandBesideEachOther() throws IOException {
        write("one", "--name", "one");
        write("two", "--name", "two");
        assertThat(names()).containsExactly("one", "one.nspawn", "two", "two.nspawn");
        assertThat(directory.resolve("two/file")).hasContent("two");
    }

    @Test
    void treeHasAllThatIsMountedOrEnteredEvenReadOnly() throws IOException {
        write("", "--workdir", "/srv/my app", "--name", "m");
        for (String path : List.of("usr", "proc", "sys", "dev", "run", "tmp", "srv/my app")) {
            assertThat(directory.resolve("m").resolve(path)).isDirectory();
        }
        assertThat(directory.resolve("m.nspawn"))
                .content()
                .startsWith("[Exec]\nBoot=no\nParameters=/bin/sh\nWorkingDirectory=/srv/my app\n");
    }

    @Test
    void missingUsrIsSaid() throws IOException {
        try (Flatten flatten = Flatten.of(layer().dir("usr"))) {
            flatten.write(settings("--name", "with"), directory.toString());
            assertThat(flatten.warnings()).noneMatch(warning -> warning.contains("/usr"));
        }
        try (Flatten flatten = Flatten.of(layer().dir("bin"))) {
            flatten.write(settings("--name", "without"), directory.toString());
            assertThat(flatten.warnings()).anyMatch(warning -> warning.contains("no /usr"));
        }
    }

    @Test
    void whatItsMountsHideIsSaid() throws IOException {
        try (Flatten flatten =
                Flatten.of(
                        layer().file("run/a", "x").file("tmp/b", "x").dir("tmp/c").dir("dev/d"))) {
            flatten.write(settings("--name", "m", "--launcher", "never"), directory.toString());
            assertThat(flatten.warnings())
                    .contains(
                            "/run: systemd-nspawn mounts over it and hides the file /run/a",
                            "/tmp: systemd-nspawn mounts over it and hides the directory /tmp/c,"
                                    + " the file /tmp/b")
                    .noneMatch(warning -> warning.startsWith("/dev"));
        }
        try (Flatten flatten = Flatten.of(layer().file("run/app/a", "x").dir("tmp/c"))) {
            flatten.write(settings("--name", "made"), directory.toString());
            assertThat(flatten.warnings())
                    .contains("/run: systemd-nspawn mounts over it and hides the file /run/app/a")
                    .noneMatch(warning -> warning.startsWith("/tmp"));
        }
        assertThat(directory.resolve("made/.undocker-init")).exists();
    }

    @Test
    void launcherIsThereWhereTheSettingsAreNotEnough() throws IOException {
        write("", "--name", "m", "--cmd", "[\"line\\nend\"]");
        assertThat(directory.resolve("m.nspawn"))
                .content()
                .contains("Parameters=/.undocker-init\n");
        assertThat(Files.getPosixFilePermissions(directory.resolve("m/.undocker-init")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void trustedSettingsGoWhereTheUserSays() throws IOException {
        Path trusted = directory.resolve("trusted.nspawn");
        write("", "--name", "m", "--trusted-settings", trusted.toString());
        assertThat(trusted).content().startsWith("[Exec]\nBoot=no\n");
        assertThat(names()).containsExactly("m", "m.nspawn", "trusted.nspawn");
    }

    /// Opened for writing, it would wait for a reader.
    @Test
    @Timeout(30)
    void settingsThatAreNoFileAreRefused() throws Exception {
        write("old", "--name", "m");
        Path settings = directory.resolve("m.nspawn");
        Files.delete(settings);
        Undocker.program(Requirements.tool("mkfifo"), settings).succeed();
        assertThatThrownBy(() -> write("new", "--name", "m", "--force"))
                .isInstanceOf(UndockerException.class)
                .hasMessage(settings + ": is no regular file");
    }

    /// What it leads to is another place's, and somebody's own.
    @Test
    void settingsThatAreALinkAreNotWrittenThrough() throws IOException {
        write("old", "--name", "m");
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "mine");
        Path settings = directory.resolve("m.nspawn");
        Files.delete(settings);
        Files.createSymbolicLink(settings, elsewhere);
        assertThatThrownBy(() -> write("new", "--name", "m", "--force"))
                .isInstanceOf(UndockerException.class)
                .hasMessage(settings + ": is a symbolic link");
        assertThat(elsewhere).hasContent("mine");
        assertThat(directory.resolve("m/file")).hasContent("old");
    }

    @Test
    void neitherHalfOfAnOldMachineIsReplacedWithoutForce() throws IOException {
        write("old", "--name", "m");
        assertThatThrownBy(() -> write("new", "--name", "m"))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("is not empty");
        write("new", "--name", "m", "--force", "--env", "NEW=1");
        assertThat(directory.resolve("m/file")).hasContent("new");
        assertThat(directory.resolve("m.nspawn")).content().contains("NEW=1");
        assertThat(names()).containsExactly("m", "m.nspawn", "m.previous", "m.previous.nspawn");
        write("new", "--name", "m", "--force", "--no-previous");
        assertThat(names()).containsExactly("m", "m.nspawn");

        Files.writeString(directory.resolve("other.nspawn"), "mine");
        assertThatThrownBy(() -> write("new", "--name", "other"))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("other.nspawn: exists already");
        assertThat(names()).containsExactly("m", "m.nspawn", "other.nspawn");
    }

    @Test
    void settingsGoAwayAgainWhenTheTreeCannotTakeItsName() throws IOException {
        Path trusted = Files.writeString(directory.resolve("trusted"), "before");
        try (Flatten flatten = Flatten.of(layer().file("file", "x"));
                RootfsSink sink =
                        flatten.open(
                                settings("--name", "m", "--trusted-settings", trusted.toString()),
                                directory.toString())) {
            for (RootfsEntry entry : flatten.entries()) {
                sink.accept(entry);
            }
            sink.finish();
            Files.createDirectory(directory.resolve("m"));
            Files.writeString(directory.resolve("m/other"), "somebody else's");
            assertThatThrownBy(sink::commit).hasMessageContaining("somebody else");
        }
        assertThat(names()).containsExactly("m", "trusted");
        assertThat(trusted).hasContent("before");
    }

    @Test
    void failureToOpenLeavesNothing() throws IOException {
        Files.writeString(directory.resolve("m"), "a file");
        try (Flatten flatten = Flatten.of(layer())) {
            OutputWriter.Settings settings = settings("--name", "m");
            assertThatThrownBy(() -> settings.validate(directory.toString()))
                    .isInstanceOf(UndockerException.class);
            assertThatThrownBy(() -> flatten.open(settings, directory.toString()))
                    .isInstanceOf(UndockerException.class);
        }
        assertThat(names()).containsExactly("m");
    }

    @Test
    void volumesThatNothingWouldMountAreUsageErrors() {
        String trusted = "--trusted-settings=" + directory.resolve("t.nspawn");
        List<OutputWriter.Settings> wrong =
                List.of(
                        settings("--volumes=tmpfs"),
                        settings("--volumes=bind:" + directory),
                        settings("--volumes=bind:" + directory + ":x", trusted));
        for (OutputWriter.Settings settings : wrong) {
            assertThatThrownBy(() -> settings.validate(directory.toString()))
                    .isInstanceOfSatisfying(
                            UndockerException.class, e -> assertThat(e.isUsage()).isTrue());
        }
        settings("--volumes=tmpfs", trusted).validate(directory.toString());
    }

    @Test
    void namesThatNoMachineCanHaveAreRefusedAtOnce() {
        for (String name : List.of("a/b", "..", "", "a b", "x".repeat(65))) {
            OutputWriter.Settings settings = settings("--name", name);
            assertThatThrownBy(() -> settings.validate(directory.toString()))
                    .isInstanceOf(UndockerException.class);
        }
    }
}
