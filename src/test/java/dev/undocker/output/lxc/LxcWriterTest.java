package dev.undocker.output.lxc;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.image.Image;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.HostileText;
import dev.undocker.runtime.lxc.LxcHost;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.WriterContract;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.XZInputStream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What stands in the archives and in the directory; LXC itself reads them in `LxcIT`.
class LxcWriterTest implements WriterContract {
    private static final Set<String> KEYS =
            Set.of(
                    "lxc.include",
                    "lxc.arch",
                    "lxc.init.cmd",
                    "lxc.execute.cmd",
                    "lxc.init.cwd",
                    "lxc.init.uid",
                    "lxc.init.gid",
                    "lxc.init.groups",
                    "lxc.signal.halt",
                    "lxc.environment",
                    "lxc.mount.entry");

    @TempDir private Path directory;
    private final Example example = new Example();

    @Override
    public OutputWriter writer() {
        return new LxcWriter();
    }

    @Override
    public String read(Path destination) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("meta.tar.xz", "rootfs.tar.xz")) {
            all.append(HexFormat.of().formatHex(Files.readAllBytes(destination.resolve(name))))
                    .append('\n');
        }
        return all.toString();
    }

    private static OutputWriter.Settings settings(String... options) {
        OutputWriter.Settings settings = new LxcWriter().newSettings();
        CommandOptions.read(settings::declare, options);
        return settings;
    }

    /// Writes the example's image, of whose files only what undocker adds is written.
    private Path write(String... options) throws IOException {
        Path out = Files.createTempDirectory(directory, "out");
        writeTo(out, options);
        return out;
    }

    private void writeTo(Path out, String... options) throws IOException {
        OutputWriter.Settings settings = settings(options);
        settings.validate(out.toString());
        try (RootfsSink sink = settings.open(request(out))) {
            sink.finish();
            sink.commit();
        }
    }

    private OutputRequest request(Path out) {
        Image image =
                new Image(
                        "repo/app:1",
                        null,
                        example.config(),
                        new byte[0],
                        null,
                        List.of(),
                        () -> {});
        return new OutputRequest(
                out.toString(),
                image,
                example.rootfs,
                new OutputRequest.Totals(0, 0),
                1,
                false,
                example.warnings::add);
    }

    @Test
    void aMissingDirectoryIsMade() throws IOException {
        Path out = directory.resolve("missing");
        writeTo(out, "--format", "dir", "--name", "web");
        assertThat(out.resolve("web/config")).isRegularFile();
        assertThat(out.resolve("web.conf")).isRegularFile();
        assertThatThrownBy(() -> writeTo(directory.resolve("not/there"), "--format", "dir"))
                .hasMessageContaining("no such directory");
    }

    @Test
    void aMissingDirectoryIsMissingAgainAfterAFailure() throws IOException {
        Path out = directory.resolve("missing");
        OutputWriter.Settings settings = settings("--format", "dir");
        try (RootfsSink sink = settings.open(request(out))) {
            sink.finish();
            assertThat(out).isDirectory();
        }
        assertThat(out).doesNotExist();
    }

    private static Map<String, String> members(Path archive) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new XZInputStream(Files.newInputStream(archive)), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                members.put(
                        entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return members;
    }

    @Test
    void archivesHoldWhatTheTemplateTakes() throws IOException {
        example.workingDir = "/missing/dir";
        example.volumes = List.of("/data");
        Path out = write();
        Map<String, String> meta = members(out.resolve("meta.tar.xz"));
        assertThat(meta.keySet())
                .containsExactly("config", "config-user", "excludes", "create-message");
        assertThat(meta.get("config"))
                .contains("lxc.include = LXC_TEMPLATE_CONFIG/common.conf\n")
                .contains("lxc.init.cmd = /bin/app\n")
                .contains("lxc.init.cwd = \"/missing/dir\"\n")
                .doesNotContain("userns");
        assertThat(meta.get("config-user"))
                .contains("lxc.include = LXC_TEMPLATE_CONFIG/userns.conf\n");
        assertThat(meta.get("create-message")).contains("lxc-start -n app-1 -F");
        assertThat(members(out.resolve("rootfs.tar.xz")).keySet())
                .containsExactly(
                        "./dev/",
                        "./proc/",
                        "./sys/",
                        "./missing/",
                        "./missing/dir/",
                        "./data/",
                        "./etc/",
                        "./etc/hosts",
                        "./etc/resolv.conf");
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void launcherStandsInOnlyWhereItIsNeeded() throws IOException {
        example.cmd = List.of("a b");
        Path out = write();
        assertThat(members(out.resolve("meta.tar.xz")).get("config"))
                .contains("lxc.init.cmd = /.undocker-init\n");
        assertThat(members(out.resolve("rootfs.tar.xz"))).containsKey("./.undocker-init");
        assertThat(members(write("--lxc-version=6").resolve("rootfs.tar.xz")))
                .doesNotContainKey("./.undocker-init");
        assertThat(example.warnings).isEmpty();
        assertThat(members(write("--launcher=never").resolve("rootfs.tar.xz")))
                .doesNotContainKey("./.undocker-init");
        assertThat(example.warnings).singleElement().asString().contains("'a b'");
    }

    @Test
    void addressComesByDhcp() throws IOException {
        Path out = write("--dhcp");
        Map<String, String> meta = members(out.resolve("meta.tar.xz"));
        assertThat(meta.get("config"))
                .contains("lxc.hook.start-host = LXC_HOOK_DIR/dhclient\n")
                .contains("lxc.hook.stop = LXC_HOOK_DIR/dhclient\n");
        assertThat(meta.get("create-message")).contains("dhclient");
        // lxc-create may run on another machine
        assertThat(example.warnings).isEmpty();
        out = write("--dhcp", "--format=dir");
        assertThat(example.warnings)
                .hasSize(Files.isExecutable(LxcHost.DHCP_CLIENT) ? 0 : 1)
                .allMatch(warning -> warning.startsWith("--dhcp: "));
        assertThat(Files.readString(out.resolve("app-1/config")))
                .contains("lxc.hook.stop = /usr/share/lxc/hooks/dhclient\n");
    }

    /// The hook writes there as root of the host.
    @Test
    void linkInTheHooksPlaceIsRefused() throws IOException {
        example.rootfs.symlink("etc", "/elsewhere");
        write();
        assertThatThrownBy(() -> write("--dhcp"))
                .isInstanceOf(UndockerException.class)
                .hasMessageStartingWith("/etc: ");
    }

    @Test
    void directoryIsReadyToStart() throws IOException {
        Path out = write("--format=dir", "--name=web", "--volumes=tmpfs");
        assertThat(Files.readString(out.resolve("web/config")))
                .contains("lxc.include = /usr/share/lxc/config/common.conf\n")
                .contains(
                        "lxc.rootfs.path = \"dir:%s\"\n"
                                .formatted(out.toRealPath().resolve("web/rootfs")))
                .contains("lxc.uts.name = web\n")
                .doesNotContain("LXC_TEMPLATE_CONFIG");
        assertThat(out.resolve("web/rootfs/proc")).isDirectory();
    }

    @Test
    void settingsOfTheMachineAreMadeOnceAndReadLast() throws IOException {
        Path out = write("--format=dir", "--name=web");
        Path local = out.toRealPath().resolve("web.conf");
        assertThat(local).content().startsWith("# ");
        assertThat(out.resolve("web/config"))
                .content()
                .contains("\nlxc.include = \"%s\"\n\n# What undocker wrote".formatted(local));
        Files.writeString(local, "lxc.net.0.type = empty\n");
        writeTo(out, "--format=dir", "--name=web", "--force");
        assertThat(local).hasContent("lxc.net.0.type = empty\n");
        try (Stream<Path> names = Files.list(out)) {
            assertThat(names.map(name -> name.getFileName().toString()))
                    .containsExactlyInAnyOrder("web", "web.conf", "web.previous");
        }
    }

    /// LXC starts a container wherever it finds a configuration.
    @Test
    void anUpdateKeepsEditsAndThePreviousContainer() throws IOException {
        Path out = write("--format=dir", "--name=web");
        Path config = out.resolve("web/config");
        Files.writeString(
                config,
                Files.readString(config).replace("/bin/app", "/bin/app -v")
                        + "lxc.start.auto = 1\nlxc.net.0.ipv4.address = 10.0.0.5/24\n");
        example.env = List.of("NEW=1");
        writeTo(out, "--format=dir", "--name=web", "--force");
        assertThat(config)
                .content()
                .contains("lxc.init.cmd = /bin/app -v\n")
                .contains("lxc.environment = \"NEW=1\"\n")
                .contains("lxc.start.auto = 1\nlxc.net.0.ipv4.address = 10.0.0.5/24\n");
        assertThat(out.resolve("web.previous/rootfs")).isDirectory();
        assertThat(out.resolve("web.previous/config")).doesNotExist();
        assertThat(out.resolve("web.previous/config.previous")).content().doesNotContain("NEW=1");
        assertThat(example.warnings).isEmpty();

        Files.writeString(config, "lxc.arch = amd64\n");
        writeTo(out, "--format=dir", "--name=web", "--force");
        assertThat(example.warnings)
                .singleElement()
                .asString()
                .startsWith(config + ": what was changed there is not taken over");
        assertThat(out.resolve("web.previous/config.previous")).hasContent("lxc.arch = amd64");
    }

    @Test
    void aContainerWithoutItsConfigurationIsReplacedToo() throws IOException {
        Path out = write("--format=dir", "--name=web");
        Files.delete(out.resolve("web/config"));
        for (int i = 0; i < 2; i++) {
            writeTo(out, "--format=dir", "--name=web", "--force");
            assertThat(out.resolve("web/config")).isNotEmptyFile();
            assertThat(out.resolve("web.previous/rootfs")).isDirectory();
        }
    }

    @Test
    void editsInTheMiddleOfAnUpdateAreNotLost() throws IOException {
        Path out = write("--format=dir", "--name=web");
        Path config = out.resolve("web/config");
        OutputWriter.Settings settings = settings("--format=dir", "--name=web", "--force");
        try (RootfsSink sink = settings.open(request(out))) {
            sink.finish();
            String edited = Files.readString(config) + "lxc.start.auto = 1\n";
            Files.writeString(config, edited);
            assertThatThrownBy(sink::commit).hasMessage(config + ": was edited meanwhile");
            assertThat(config).hasContent(edited);
        }
        assertThat(out.resolve("web.previous")).doesNotExist();
    }

    @Test
    void aNewVolumeInOneThatGoesOnIsMade() throws IOException {
        Requirements.root();
        example.volumes = List.of("/data");
        Path out = write("--format=dir", "--name=web");
        Path data = out.resolve("web/rootfs/data");
        Files.writeString(data.resolve("table"), "row");
        example.volumes = List.of("/data", "/data/logs/new");
        writeTo(out, "--format=dir", "--name=web", "--force");
        assertThat(data.resolve("table")).hasContent("row");
        assertThat(data.resolve("logs/new")).isEmptyDirectory();
        Files.writeString(data.resolve("logs/new/line"), "1");
        writeTo(out, "--format=dir", "--name=web", "--force");
        assertThat(data.resolve("table")).hasContent("row");
        assertThat(data.resolve("logs/new/line")).hasContent("1");
    }

    /// Whose files would they be?
    @Test
    void volumesDoNotGoToOtherIds() throws IOException {
        Requirements.root();
        example.volumes = List.of("/data");
        Path out = write("--format=dir", "--name=web");
        String[] shifted = {
            "--format=dir",
            "--name=web",
            "--force",
            "--uid-map=0:100000:65536",
            "--gid-map=0:100000:65536"
        };
        assertThatThrownBy(() -> writeTo(out, shifted))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("ids of another --uid-map and --gid-map: none");
        example.volumes = List.of();
        writeTo(out, "--format=dir", "--name=web", "--force", "--drop-volumes");
        writeTo(out, shifted);
    }

    @Test
    void shiftedDirectorySaysSo() throws IOException {
        Requirements.root();
        example.warnings.clear();
        Path out = write("--format=dir", "--uid-map=0:100000:65536", "--gid-map=0:200000:65536");
        assertThat(Files.readString(out.resolve("app-1/config")))
                .contains("lxc.include = /usr/share/lxc/config/userns.conf\n")
                .contains("lxc.idmap = u 0 100000 65536\nlxc.idmap = g 0 200000 65536\n");
    }

    @Test
    void capabilitiesThatGetLostAreNamed() throws IOException {
        LayerBuilder ping =
                layer().file("bin/ping", "x")
                        .xattr("security.capability", "\1\0\0\2" + "\0".repeat(16));
        assertThat(warnings(ping)).singleElement().asString().contains("bin/ping", "--format dir");
        assertThat(warnings(ping, "--lxc-version=6")).isEmpty();
        assertThat(warnings(layer().file("bin/ping", "x").xattr("user.x", "y"))).isEmpty();
    }

    private List<String> warnings(LayerBuilder layer, String... options) throws IOException {
        try (Flatten flatten = Flatten.of(layer.file("bin/sh", "").mode(0755))) {
            flatten.write(
                    settings(options), Files.createTempDirectory(directory, "caps").toString());
            return flatten.warnings();
        }
    }

    @Test
    void linkInTheDevicesPlaceIsRefused() {
        example.rootfs.symlink("dev", "/etc");
        assertThatThrownBy(this::write)
                .isInstanceOf(UndockerException.class)
                .hasMessageStartingWith("/dev: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--format=zip",
                "--volumes=x",
                "--volumes=bind:",
                "--volumes=bind:a/b",
                "--volumes=bind:/a\nb",
                "--launcher=x",
                "--lxc-version=4",
                "--name=../x",
                "--level=11",
                "--uid-map=0:1:1",
            })
    void wrongOptionsAreUsageErrors(String option) {
        assertThatThrownBy(() -> settings(option).validate(directory.resolve("x").toString()))
                .isInstanceOfSatisfying(
                        UndockerException.class, e -> assertThat(e.isUsage()).isTrue());
    }

    /// No byte of an image adds a line or a key to any file.
    @Test
    void hostileTextStaysInItsPlace() throws IOException {
        for (long seed = 0; seed < 60; seed++) {
            HostileText text = new HostileText(seed);
            example.cmd = text.words(3);
            example.env = List.of(text.name() + "=" + text.word(), "PATH=" + text.word());
            example.workingDir = text.word();
            example.volumes = text.words(3);
            example.ports = text.words(2);
            example.labels = Map.of(text.name(), text.word());
            String launcher = List.of("auto", "always", "never").get((int) seed % 3);
            Map<String, String> meta =
                    members(
                            write("--volumes=tmpfs", "--level=0", "--launcher=" + launcher)
                                    .resolve("meta.tar.xz"));
            for (String name : List.of("config", "config-user")) {
                assertThat(meta.get(name).split("[\r\n\0]"))
                        .allMatch(line ->
                                line.startsWith("#") || KEYS.contains(line.split(" = ")[0]));
            }
            assertThat(meta.get("excludes")).isEqualTo("./dev/*\n");
            assertThat(meta.get("create-message").lines()).hasSize(6);
        }
    }
}
