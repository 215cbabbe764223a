package dev.undocker.output;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.SearchPath;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A service with a table, the smallest one: its machine is made, started, edited and updated, and
/// started again.
class MachineUpdateIT {
    private static final String SERVICE =
            "echo $VERSION >> /data/table; cat /data/table > /data/seen;"
                    + " ip addr > /data/address; echo \"$LOCAL\" > /data/local; true";

    private Path directory;
    private Path machines;

    @BeforeEach
    void makeDirectories() throws IOException {
        Requirements.root();
        Requirements.tools("busybox");
        directory = Files.createTempDirectory("undocker-update");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        machines = Files.createDirectory(directory.resolve("machines"));
        save(1);
        save(2);
    }

    @AfterEach
    void remove() throws Exception {
        if (directory != null) {
            Undocker.program(Path.of("/bin/rm"), "-rf", directory).succeed();
        }
    }

    private void save(int version) throws IOException {
        save("v" + version, layer().dir("data/").mode(0700), version);
    }

    /// @param volume what the image has where its volume is
    private void save(String name, LayerBuilder volume, int version) throws IOException {
        String busybox =
                new String(
                        Files.readAllBytes(Requirements.tool("busybox")),
                        StandardCharsets.ISO_8859_1);
        LayerBuilder layer =
                layer().dir("usr/").dir("bin/").file("bin/busybox", busybox).mode(0755);
        for (String applet : List.of("sh", "cat", "ip", "true")) {
            layer.symlink("bin/" + applet, "busybox");
        }
        ImageBuilder.image(layer.file("version", "" + version).toBytes(), volume.toBytes())
                .config("Cmd", List.of("sh", "-c", SERVICE))
                .config("Env", List.of("PATH=/bin", "VERSION=" + version))
                .config("Volumes", Map.of("/data", Map.of()))
                .docker(ImageBuilder.Dialect.SKOPEO)
                .tar(directory.resolve(name + ".tar"));
    }

    private static String[] convert(String kind, int version) {
        String line =
                switch (kind) {
                    case "lxc" -> "lxc --format dir";
                    default -> kind;
                };
        return (line + " --name db --force v" + version + ".tar machines").split(" ");
    }

    private String undocker(String kind, int version) throws Exception {
        return Undocker.command((Object[]) convert(kind, version)).in(directory).succeed().errors();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> names = Files.list(machines)) {
            return names.map(name -> name.getFileName().toString()).sorted().toList();
        }
    }

    /// What a new image puts in a volume's way must not cost the table.
    @ParameterizedTest
    @ValueSource(strings = {"lxc", "nspawn"})
    void aVolumeThatHasNoPlaceIsNotLost(String kind) throws Exception {
        save("v3", layer().dir("srv/").symlink("data", "srv"), 3);
        save("v4", layer().symlink("data", "/etc"), 4);
        save("v5", layer().file("data", "a file"), 5);
        undocker(kind, 1);
        Path data = machines.resolve(kind.equals("lxc") ? "db/rootfs/data" : "db/data");
        Files.writeString(data.resolve("table"), "rows");
        for (int version = 3; version <= 5; version++) {
            Undocker.Result refused =
                    Undocker.command((Object[]) convert(kind, version)).in(directory).run();
            assertThat(refused.exitCode()).as(refused.errors()).isEqualTo(1);
            assertThat(refused.errors())
                    .contains("cannot be taken over from the replaced tree", "--drop-volumes");
            assertThat(data.resolve("table")).hasContent("rows");
        }
        undocker(kind, 2);
        assertThat(data.resolve("table")).hasContent("rows");
    }

    /// A volume is where its name leads a process to, in both machines.
    @ParameterizedTest
    @ValueSource(strings = {"lxc", "nspawn"})
    void aVolumeBehindALinkIsNotLost(String kind) throws Exception {
        LayerBuilder volume = layer().dir("srv/").dir("srv/a/").dir("srv/b/");
        save("v3", volume.symlink("data", "srv/a"), 3);
        volume = layer().dir("srv/").dir("srv/a/").dir("srv/b/");
        save("v4", volume.symlink("data", "/srv/a"), 4);
        volume = layer().dir("srv/").dir("srv/a/").dir("srv/b/");
        save("v5", volume.symlink("data", "srv/b"), 5);
        undocker(kind, 3);
        Path root = machines.resolve(kind.equals("lxc") ? "db/rootfs" : "db");
        Files.writeString(root.resolve("srv/a/table"), "rows");
        undocker(kind, 4);
        assertThat(root.resolve("srv/a/table")).hasContent("rows");
        Undocker.Result refused = Undocker.command((Object[]) convert(kind, 5)).in(directory).run();
        assertThat(refused.exitCode()).as(refused.errors()).isEqualTo(1);
        assertThat(refused.errors())
                .contains(
                        "it leads to /srv/a there, and to /srv/b in the new one", "--drop-volumes");
        assertThat(root.resolve("srv/a/table")).hasContent("rows");
        assertThat(root.resolve("version")).hasContent("4");
    }

    @Test
    void aContainerKeepsTableAndAddress() throws Exception {
        Requirements.tools("lxc-start", "script");
        Path search = SearchPath.withoutIdMapping(directory.resolve("path"));
        String start = "env PATH=%s lxc-start -P %s -n db -F".formatted(search, machines);
        undocker("lxc", 1);
        Path config = machines.resolve("db/config");
        Files.writeString(
                config,
                Files.readString(config).replaceAll("(?m)^lxc\\.net\\..*\n", "")
                        + """
                        lxc.net.0.type = veth
                        lxc.net.0.flags = up
                        lxc.net.0.ipv4.address = 10.9.8.7/24
                        lxc.environment = LOCAL=kept
                        """);
        Undocker.program(Requirements.tool("script"), "-qec", start, "/dev/null").succeed();
        assertThat(undocker("lxc", 2)).isEmpty();
        Undocker.program(Requirements.tool("script"), "-qec", start, "/dev/null").succeed();
        Path data = machines.resolve("db/rootfs/data");
        assertThat(data.resolve("seen")).hasContent("1\n2\n");
        assertThat(data.resolve("address")).content().contains("inet 10.9.8.7/24");
        assertThat(data.resolve("local")).hasContent("kept");
        assertThat(names()).containsExactly("db", "db.conf", "db.previous");
        assertThat(machines.resolve("db.previous/rootfs/version")).hasContent("1");
        assertThat(machines.resolve("db.previous/rootfs/data")).isEmptyDirectory();
    }

    @Test
    void aMachineKeepsTableAndSettings() throws Exception {
        Requirements.tools("systemd-nspawn");
        undocker("nspawn", 1);
        startMachine();
        Path settings = machines.resolve("db.nspawn");
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replaceFirst("(?m)^KillSignal=.*$", "$0\nEnvironment=LOCAL=kept"));
        assertThat(undocker("nspawn", 2)).isEmpty();
        startMachine();
        assertThat(machines.resolve("db/data/seen")).hasContent("1\n2\n");
        assertThat(machines.resolve("db/data/local")).hasContent("kept");
        assertThat(names()).containsExactly("db", "db.nspawn", "db.previous", "db.previous.nspawn");
    }

    private void startMachine() throws Exception {
        Undocker.program(
                        Requirements.tool("systemd-nspawn"),
                        "-q",
                        "--register=no",
                        "--keep-unit",
                        "--pipe",
                        "-D",
                        machines.resolve("db"))
                .succeed();
    }

    /// Killed in the middle of the change, a run leaves the old machine or the new one, with the
    /// table; the next run removes what is left.
    @ParameterizedTest
    @CsvSource({"linkat, 2, 1", "renameat2, 1, 1", "renameat2, 2, 2", "unlinkat, 2, 2"})
    void aKilledUpdateLeavesAWholeMachine(String call, int when, int version) throws Exception {
        Requirements.tools("strace");
        undocker("lxc", 1);
        Path data = machines.resolve("db/rootfs/data");
        Files.writeString(data.resolve("table"), "rows");
        Files.writeString(Files.createDirectory(data.resolve("in")).resolve("index"), "i");
        Undocker.Result killed =
                Undocker.program(
                                Requirements.tool("strace"),
                                Stream.concat(
                                                Stream.of(
                                                        "-f",
                                                        "-qq",
                                                        "-o",
                                                        "/dev/null",
                                                        "-e",
                                                        "trace=" + call,
                                                        "-e",
                                                        "inject=%s:signal=SIGKILL:when=%d"
                                                                .formatted(call, when),
                                                        Undocker.launcher().toString()),
                                                Stream.of(convert("lxc", 2)))
                                        .toArray())
                        .in(directory)
                        .run();
        assertThat(killed.exitCode()).as(killed.errors()).isNotZero();
        assertThat(data.resolveSibling("version")).hasContent("" + version);
        assertThat(data.resolve("table")).hasContent("rows");
        assertThat(data.resolve("in/index")).hasContent("i");
        assertThat(machines.resolve("db/config")).content().contains("VERSION=" + version);
        undocker("lxc", 2);
        assertThat(data.resolve("table")).hasContent("rows");
        assertThat((int) Files.getAttribute(data.resolve("table"), "unix:nlink")).isEqualTo(1);
        assertThat(names()).containsExactly("db", "db.conf", "db.previous");
    }
}
