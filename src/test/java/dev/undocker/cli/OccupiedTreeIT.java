package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.Report;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// `--force` refuses a tree in which somebody lives, and leaves it as it is.
class OccupiedTreeIT {
    private static final String STAY = "echo ready; exec sleep 1000";

    private Path directory;
    private Path note;

    /// Every writer of a tree; the tree is `t`.
    enum Kind {
        DIRECTORY("", "dir", "t"),
        BUNDLE("rootfs", "bundle", "t"),
        MACHINE("", "nspawn --name t", "."),
        CONTAINER("rootfs", "lxc --format dir --name t", ".");

        private final String root;
        private final String command;
        private final String destination;

        Kind(String root, String command, String destination) {
            this.root = root;
            this.command = command;
            this.destination = destination;
        }
    }

    @BeforeEach
    void makeDirectory() throws IOException {
        Requirements.root();
        Requirements.tools("busybox", "chroot", "mount", "umount", "unshare");
        directory = Files.createTempDirectory(Path.of("/tmp"), "undocker-living").toRealPath();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        note = directory.resolve("t/note");
        Report.busyboxImage().docker(Dialect.SKOPEO).tar(directory.resolve("image.tar"));
    }

    @AfterEach
    void remove() throws Exception {
        if (directory != null) {
            // not a @TempDir, which warns of each symbolic link in the trees
            Undocker.program(Path.of("/bin/rm"), "-rf", "--one-file-system", directory).succeed();
        }
    }

    private Undocker undocker(Kind kind) {
        return Undocker.command(
                        Stream.of(
                                        Arrays.stream(kind.command.split(" ")),
                                        Stream.of("--force", "image.tar", kind.destination))
                                .flatMap(words -> words)
                                .toArray())
                .in(directory);
    }

    private Path make(Kind kind) throws Exception {
        undocker(kind).succeed();
        Files.writeString(note, "the old tree");
        return directory.resolve("t").resolve(kind.root);
    }

    private String shell(String script) throws Exception {
        return Undocker.program(Path.of("/bin/sh"), "-e", "-c", script)
                .in(directory)
                .succeed()
                .text();
    }

    private void assertRefused(Kind kind, String why) throws Exception {
        Undocker.Result result = undocker(kind).run();
        assertThat(result.errors()).contains("t: is in use: ", why, "hint: stop what runs there");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(note).hasContent("the old tree");
        assertThat(Workplace.names(directory)).noneMatch(name -> name.contains(".undocker-"));
    }

    private void assertReplaced(Kind kind) throws Exception {
        undocker(kind).succeed();
        assertThat(note).doesNotExist();
        assertThat(Workplace.names(directory)).noneMatch(name -> name.contains(".undocker-"));
    }

    /// The tree while something runs there that writes a line first.
    private void assertRefusedDuring(Kind kind, String why, Object... command) throws Exception {
        String name = command[0].toString();
        Path program = name.startsWith("/") ? Path.of(name) : Requirements.tool(name);
        Object[] arguments = Arrays.copyOfRange(command, 1, command.length);
        Process process = Undocker.program(program, arguments).in(directory).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            assertRefused(kind, why);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProcessIsChangedIntoIt(Kind kind) throws Exception {
        Path root = make(kind);
        assertRefusedDuring(
                kind, "(sleep) has its root there", "chroot", root, "/bin/sh", "-c", STAY);
        assertReplaced(kind);
    }

    @ParameterizedTest
    @EnumSource
    void anotherNamespaceHasItForRoot(Kind kind) throws Exception {
        Path root = make(kind);
        String pivot =
                "mount --bind %1$s /mnt; cd /mnt; mkdir old; pivot_root . old; exec /bin/sh -c '%2$s'"
                        .formatted(root, STAY);
        assertRefusedDuring(
                kind, "(sleep) has its root there", "unshare", "-m", "/bin/sh", "-ec", pivot);
        assertReplaced(kind);
    }

    @ParameterizedTest
    @EnumSource
    void somethingIsMountedInIt(Kind kind) throws Exception {
        Path root = make(kind);
        Path precious = Files.createDirectory(directory.resolve("precious"));
        Files.writeString(precious.resolve("data"), "x");
        Path point = Files.createDirectory(root.resolve("point"));
        String mount = "mount --bind precious " + point;
        shell(mount);
        try {
            assertRefused(kind, "something is mounted on " + point);
        } finally {
            shell("umount " + point);
        }
        assertRefusedDuring(
                kind,
                "(sleep) sees that something is mounted on " + point,
                "unshare",
                "-m",
                "/bin/sh",
                "-ec",
                mount + "; " + STAY);
        assertReplaced(kind);
        assertThat(precious.resolve("data")).hasContent("x");
    }

    @ParameterizedTest
    @EnumSource
    void itIsMountedElsewhere(Kind kind) throws Exception {
        Path root = make(kind);
        Path point = Files.createDirectory(directory.resolve("with space"));
        for (String mount :
                List.of(
                        "mount --bind %s/bin '%s'",
                        "mkdir -p up work; mount -t overlay -o lowerdir=%s,upperdir=up,workdir=work"
                                + " none '%s'")) {
            shell(mount.formatted(root, point));
            try {
                assertRefused(kind, "it is mounted on " + point);
            } finally {
                shell("umount '%s'".formatted(point));
            }
        }
        assertReplaced(kind);
    }

    @Test
    void aProcessWorksInIt() throws Exception {
        Path root = make(Kind.DIRECTORY);
        String inside = "cd %s/bin; exec /bin/sh -c '%s'".formatted(root, STAY);
        assertRefusedDuring(Kind.DIRECTORY, "(sleep) works there", "sh", "-c", inside);
        assertRefusedDuring(
                Kind.DIRECTORY,
                "(busybox) runs a program from there",
                root.resolve("bin/busybox"),
                "sh",
                "-c",
                "echo ready; sleep 1000; true");
        // what lies beside it, or only begins like it, is no matter
        Files.createDirectory(directory.resolve("t2"));
        Process beside =
                Undocker.program(Path.of("/bin/sleep"), "1000").in(directory.resolve("t2")).start();
        try {
            assertReplaced(Kind.DIRECTORY);
        } finally {
            beside.destroy();
        }
    }

    @Test
    void lxcRunsIt() throws Exception {
        Requirements.tools("lxc-start", "lxc-stop");
        Path root = make(Kind.CONTAINER);
        Path config = directory.resolve("t/config");
        Files.writeString(config, Files.readString(config).replaceAll("lxc.net.*", ""));
        Path elsewhere = directory.resolve("elsewhere");
        shell("cp -a %s %s".formatted(root, elsewhere));
        for (Path tree : List.of(root, elsewhere)) {
            shell(
                    "lxc-start -P $PWD -n t -s lxc.net.0.type=empty -s lxc.rootfs.path=dir:%s"
                                    .formatted(tree)
                            + " -s lxc.init.cmd='/bin/sleep 1000'");
            try {
                assertRefused(
                        Kind.CONTAINER,
                        tree.equals(root)
                                ? "(sleep) has its root there"
                                : "the socket %s/t/command is open".formatted(directory));
                assertThat(shell("lxc-info -P $PWD -n t -s")).contains("RUNNING");
            } finally {
                shell("lxc-stop -k -P $PWD -n t");
            }
        }
        assertReplaced(Kind.CONTAINER);
    }

    @Test
    void systemdNspawnRunsIt() throws Exception {
        make(Kind.MACHINE);
        List<Object> command =
                new ArrayList<>(List.of("systemd-nspawn", "-q", "--register=no", "--keep-unit"));
        command.addAll(List.of("--pipe", "-D", "t", "/bin/sh", "-c", STAY));
        assertRefusedDuring(Kind.MACHINE, "(sleep) has its root there", command.toArray());
        assertReplaced(Kind.MACHINE);
    }

    @Test
    void runcRunsIt() throws Exception {
        Requirements.tool("runc");
        make(Kind.BUNDLE);
        Path config = directory.resolve("t/config.json");
        String args = "\"args\":[\"/bin/sh\",\"-c\",\"%s\"]".formatted(STAY);
        Files.writeString(
                config, Files.readString(config).replaceFirst("\"args\"\\s*:\\s*\\[[^]]*]", args));
        String name = directory.getFileName().toString();
        assertRefusedDuring(
                Kind.BUNDLE,
                " (runc) works there",
                "runc",
                "--root",
                directory.resolve("state"),
                "run",
                "--bundle",
                directory.resolve("t"),
                name);
        assertReplaced(Kind.BUNDLE);
    }
}
