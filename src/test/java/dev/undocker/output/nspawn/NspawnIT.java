package dev.undocker.output.nspawn;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Recipe;
import dev.undocker.testing.Report;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Machines that undocker makes, started by systemd-nspawn.
class NspawnIT {
    private static final List<String> NSPAWN =
            List.of("-q", "--register=no", "--keep-unit", "--pipe");

    private Path directory;

    @BeforeEach
    void needsNspawn() throws IOException {
        Requirements.root();
        Requirements.tools("systemd-nspawn", "busybox", "tar");
        directory = Files.createTempDirectory("undocker-nspawn");
    }

    @AfterEach
    void remove() throws Exception {
        if (directory != null) {
            // not a @TempDir, which warns of each symbolic link in the trees
            Undocker.program(Path.of("/bin/rm"), "-rf", directory).succeed();
        }
    }

    private static Undocker nspawn(Object... arguments) {
        List<Object> all = new ArrayList<>(NSPAWN);
        all.addAll(Arrays.asList(arguments));
        return Undocker.program(Requirements.tool("systemd-nspawn"), all.toArray());
    }

    private Undocker.Result undocker(Object... arguments) throws Exception {
        return Undocker.command(arguments).in(directory).succeed();
    }

    private void save(ImageBuilder image) throws IOException {
        image.docker(Dialect.SKOPEO).tar(directory.resolve("image.tar"));
    }

    private Report start(Object... arguments) throws Exception {
        List<Object> all = new ArrayList<>(List.of("-D", "machines/report-1"));
        all.addAll(Arrays.asList(arguments));
        return Report.parse(nspawn(all.toArray()).in(directory).succeed().text());
    }

    @Test
    void everythingArrives() throws Exception {
        ImageBuilder base = Report.busyboxImage();
        for (long seed = 0; seed < 12; seed++) {
            Report.Example example = Report.Example.of(seed);
            save(example.image(base));
            undocker("nspawn", "--force", "image.tar", "machines");
            Report report = start();
            assertThat(report.argv()).isEqualTo(example.argv());
            assertThat(report.environment())
                    .contains("container=systemd-nspawn")
                    .containsAll(example.assignments());
            assertThat(report.directory()).isEqualTo(example.directory());
            assertThat(report.ids()).isEqualTo(example.ids());
        }
    }

    @Test
    void settingsAloneAreEnoughForSpacesQuotesAndEmptyArguments() throws Exception {
        List<String> cmd =
                List.of("a b", "", "it's", "\"quoted\"", "both ' and \"", "\\n", "$HOME");
        save(
                Report.busyboxImage()
                        .config("Entrypoint", Report.ENTRYPOINT)
                        .config("Cmd", cmd)
                        .config("Env", List.of("PATH=/bin", "SP=x  y ", "Q='\"", "E="))
                        .config("WorkingDir", "/opt/my dir"));
        undocker("nspawn", "image.tar", "machines");
        assertThat(directory.resolve("machines/report-1/.undocker-init")).doesNotExist();
        Report report = start();
        assertThat(report.argv().subList(4, 11)).isEqualTo(cmd);
        assertThat(report.environment()).contains("SP=x  y ", "Q='\"", "E=");
        assertThat(report.directory()).isEqualTo("/opt/my dir");
        assertThat(start("--read-only").argv()).isEqualTo(report.argv());
    }

    @Test
    void usersOptionsWin() throws Exception {
        save(Report.busyboxImage().config("Entrypoint", List.of("/nowhere")).config("User", "1"));
        String entrypoint =
                new String(ImageBuilder.json(Report.ENTRYPOINT), StandardCharsets.UTF_8);
        undocker(
                "nspawn",
                "--entrypoint",
                entrypoint,
                "--cmd",
                "[\"one word\", \"\"]",
                "--env",
                "A=b c",
                "--user",
                "web",
                "--workdir",
                "/srv",
                "image.tar",
                "machines");
        Report report = start();
        assertThat(report.argv().subList(4, 6)).containsExactly("one word", "");
        assertThat(report.environment()).contains("A=b c", "HOME=/srv", "USER=web");
        assertThat(report.directory()).isEqualTo("/srv");
        assertThat(report.ids()).isEqualTo("7\n8\n8 20\n");
    }

    /// An image with the GNU C library needs no launcher for its users.
    @Test
    void getentOfTheImageFindsTheUser() throws Exception {
        LayerBuilder glibc =
                layer().dir("usr/bin/").file("usr/bin/getent", Report.program("getent"));
        glibc.mode(0755).file("etc/nsswitch.conf", "passwd: files\ngroup: files\n");
        String libraries =
                Undocker.program(Requirements.tool("ldd"), Requirements.tool("getent"))
                        .succeed()
                        .text();
        Matcher library = Pattern.compile("(/\\S+) \\(0x").matcher(libraries);
        while (library.find()) {
            byte[] content = Files.readAllBytes(Path.of(library.group(1)));
            glibc.file(
                            library.group(1).substring(1),
                            new String(content, StandardCharsets.ISO_8859_1))
                    .mode(0755);
        }
        ImageBuilder base = Report.busyboxImage();
        ImageBuilder image = ImageBuilder.image(base.layers().getFirst(), glibc.toBytes());
        save(
                image.tag("report:1")
                        .config("Entrypoint", Report.ENTRYPOINT)
                        .config("Env", List.of("PATH=/bin"))
                        .config("User", "web"));
        undocker("nspawn", "image.tar", "machines");
        assertThat(directory.resolve("machines/report-1/.undocker-init")).doesNotExist();
        assertThat(start().ids()).isEqualTo("7\n8\n8 20\n");
    }

    /// As in the image of postgres, and of much that is built on Debian.
    @Test
    void directoriesBelowRunAndTmpAreThereWithOwnerAndMode() throws Exception {
        byte[] layer =
                layer().dir("run/")
                        .dir("run/lock/")
                        .mode(01777)
                        .dir("run/postgresql/")
                        .owner(999, 999)
                        .mode(02775)
                        .dir("var/")
                        .symlink("var/run", "/run")
                        .dir("tmp/")
                        .mode(01777)
                        .file("tmp/app", "#!/bin/sh\n")
                        .mode(0755)
                        .toBytes();
        String script =
                "cd /var/run && echo > postgresql/socket && echo > lock/file && cd - && busybox"
                        + " stat -c '%a %u:%g %n' /run/postgresql /run/lock /tmp /tmp/work"
                        + " /run/postgresql/socket /tmp/data";
        ImageBuilder base = Report.busyboxImage();
        ImageBuilder image = ImageBuilder.image(base.layers().getFirst(), layer).tag("report:1");
        save(
                image.config("Entrypoint", List.of("/bin/sh", "-c", script))
                        .config("User", "999:999")
                        .config("WorkingDir", "/tmp/work")
                        .config("Volumes", Map.of("/tmp/data", Map.of())));
        String warnings = undocker("nspawn", "image.tar", "machines").errors();
        assertThat(warnings)
                .isEqualTo(
                        "undocker: warning: /tmp: systemd-nspawn mounts over it and hides the file"
                                + " /tmp/app\n");
        String seen =
                """
                /tmp/work
                2775 999:999 /run/postgresql
                1777 0:0 /run/lock
                1777 0:0 /tmp
                755 0:0 /tmp/work
                644 999:999 /run/postgresql/socket
                755 0:0 /tmp/data
                """;
        assertThat(nspawn("-D", "machines/report-1").in(directory).succeed().text())
                .isEqualTo(seen);
        assertThat(nspawn("-D", "machines/report-1", "--read-only").in(directory).succeed().text())
                .isEqualTo(seen);
        // a second start finds the directories where nothing is mounted
        for (int i = 0; i < 2; i++) {
            assertThat(
                            nspawn("-D", "machines/report-1")
                                    .with("SYSTEMD_NSPAWN_TMPFS_TMP", "0")
                                    .in(directory)
                                    .succeed()
                                    .text())
                    .isEqualTo(seen);
        }
    }

    @Test
    void machinesFindNames() throws Exception {
        byte[] left = layer().file("etc/hosts", "").file("etc/resolv.conf", "").toBytes();
        save(
                ImageBuilder.image(Report.busyboxImage().layers().getFirst(), left)
                        .tag("report:1")
                        .config("Cmd", List.of("sh", "-c", "cat /etc/hosts /etc/resolv.conf"))
                        .config("Env", List.of("PATH=/bin")));
        undocker("nspawn", "image.tar", "machines");
        assertThat(nspawn("-D", "machines/report-1").in(directory).succeed().text())
                .startsWith("127.0.0.1 localhost\n")
                .endsWith(Files.readString(Path.of("/etc/resolv.conf")));
    }

    @Test
    void stopSignalReachesTheProgram() throws Exception {
        String script =
                "trap 'echo got-quit; exit 5' QUIT; echo ready; while :; do sleep 0.1; done";
        save(
                Report.busyboxImage()
                        .config("Entrypoint", List.of("/bin/sh", "-c", script))
                        .config("StopSignal", "SIGQUIT"));
        undocker("nspawn", "image.tar", "machines");
        Process process = nspawn("-D", "machines/report-1").in(directory).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            // Process.destroy() would close the stream
            process.toHandle().destroy();
            assertThat(output.readLine()).isEqualTo("got-quit");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(5);
        } finally {
            process.destroyForcibly();
        }
    }

    /// Settings that systemd-nspawn trusts are found by the machine's name.
    @Test
    void volumesBelongToTheirOwners() throws Exception {
        byte[] data = layer().dir("my data/").owner(7, 8).mode(0700).toBytes();
        save(
                ImageBuilder.image(Report.busyboxImage().layers().getFirst(), data)
                        .config(
                                "Cmd",
                                List.of(
                                        "sh",
                                        "-c",
                                        "cd '/my data'; echo x > file; cat file /proc/mounts;"
                                                + " busybox stat -c '%a %u:%g' ."))
                        .config("Env", List.of("PATH=/bin"))
                        .config("Volumes", Map.of("/my data", Map.of()))
                        .config("User", "web"));
        String name = directory.getFileName().toString();
        Path trusted = Files.createDirectories(Path.of("/run/systemd/nspawn"));
        Path settings = trusted.resolve(name + ".nspawn");
        try {
            undocker(
                    "nspawn",
                    "--name=" + name,
                    "--volumes=tmpfs",
                    "--trusted-settings=" + settings,
                    "image.tar",
                    "machines");
            assertThat(nspawn("-D", "machines/" + name).in(directory).succeed().text())
                    .startsWith("x\n")
                    .contains("tmpfs /my\\040data tmpfs")
                    .endsWith("700 7:8\n");
        } finally {
            Files.deleteIfExists(settings);
        }
    }

    @Test
    void flattenedTarIsAMachineToo() throws Exception {
        save(Report.busyboxImage());
        Path tree = Files.createDirectory(directory.resolve("tree"));
        String pipe = "'%s' rootfs image.tar - | tar -x -C tree".formatted(Undocker.launcher());
        Undocker.program(Path.of("/bin/sh"), "-c", pipe).in(directory).succeed();
        List<Object> words = new ArrayList<>(List.of("-D", tree));
        words.addAll(Report.ENTRYPOINT);
        words.addAll(List.of("-g", "daemon off;"));
        assertThat(Report.parse(nspawn(words.toArray()).succeed().text()).argv())
                .endsWith("-g", "daemon off;");
    }

    @Test
    void oddlyWrittenLayersComeOutWhole() throws Exception {
        byte[] odd =
                layer().dir("./var/")
                        .symlink("./var/run", "/run")
                        .file("./var/run/app.pid", "1")
                        .symlink("/opt", "/srv/./opt/")
                        .file("/opt/tool/file", "x")
                        .hardLink("./hard", "/opt/tool/file")
                        .toBytes();
        ImageBuilder base = Report.busyboxImage();
        save(ImageBuilder.image(base.layers().getFirst(), odd).tag("report:1"));
        undocker("nspawn", "--entrypoint", "/bin/cat", "--cmd", "/opt/tool/file", "image.tar", "m");
        Path machine = directory.resolve("m/report-1");
        assertThat(machine.resolve("run/app.pid")).hasContent("1");
        assertThat(Files.readSymbolicLink(machine.resolve("var/run"))).isEqualTo(Path.of("/run"));
        assertThat(Files.isSameFile(machine.resolve("hard"), machine.resolve("srv/opt/tool/file")))
                .isTrue();
        assertThat(nspawn("-D", machine).succeed().text()).isEqualTo("x");
    }

    @Test
    void recipesOfReadmeRun() throws Exception {
        Recipe recipe = Recipe.in(directory);
        // without the system's bus machines have no names: they are found by their directories
        recipe.program(
                "systemd-nspawn",
                "[ \"$1\" = -D ] || set -- -D '%s/'\"$2\"\nexec '%s' %s \"$@\""
                        .formatted(
                                Files.createDirectory(directory.resolve("machines")),
                                Requirements.tool("systemd-nspawn"),
                                String.join(" ", NSPAWN)));
        String machines = directory.resolve("machines").toString();
        assertThat(
                        recipe.run(Readme.commands("nspawn").replace("/var/lib/machines", machines))
                                .text())
                .isEqualTo("nginx -g daemon off;\n");
        assertThat(recipe.run(Readme.commands("nspawn-tar")).text())
                .isEqualTo("nginx -g daemon off;\n");
    }
}
