package dev.undocker.runtime.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.HostileText;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.launcher.LauncherMode;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.SearchPath;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/// Containers of one static program, started by LXC itself; the program writes down what it got.
class LxcStartTest {
    private static final String REPORT =
            "cat /proc/$$/cmdline > /out/argv; cat /proc/$$/environ > /out/environ;"
                    + " pwd -P > /out/cwd; (id -u; id -g; id -G) > /out/ids; true";

    @TempDir private Path directory;
    private final Example example = new Example();
    private Path rootfs;
    private Path out;

    private Path path;

    @BeforeEach
    void makeContainer() throws IOException {
        Requirements.root();
        Requirements.tools("lxc-start", "script", "busybox");
        Requirements.require(
                Files.exists(Path.of(LxcFiles.INSTALLED.configuration("userns.conf"))),
                "needs LXC's configuration files");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        path = SearchPath.withoutIdMapping(directory.resolve("path"));
        rootfs = directory.resolve("c/rootfs");
        for (String name : List.of("bin", "proc", "sys", "dev", "out")) {
            Files.createDirectories(rootfs.resolve(name));
        }
        out = rootfs.resolve("out");
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.copy(Requirements.tool("busybox"), rootfs.resolve("bin/busybox"));
        for (String applet : List.of("sh", "cat", "id", "true")) {
            Files.createSymbolicLink(rootfs.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        example.rootfs
                .file("bin/sh", 0755, "")
                .file("etc/passwd", 0644, "u:x:5:6::/home/u:\n")
                .file("etc/group", 0644, "a:x:20:u\nb:x:10:u\n");
        example.entrypoint = List.of("sh", "-c", REPORT, "zero");
    }

    @Test
    void everythingArrives() throws Exception {
        for (long seed = 0; seed < 120; seed++) {
            everythingArrives(seed, false);
        }
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void everythingArrivesInAUserNamespace() throws Exception {
        give(rootfs, 100_000);
        for (long seed = 1000; seed < 1040; seed++) {
            everythingArrives(seed, true);
        }
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void plainConfigurationIsEnoughForPlainProcesses() throws Exception {
        // no word of it needs quotes
        Files.writeString(rootfs.resolve("report"), "#!/bin/sh\n" + REPORT + "\n");
        Files.setPosixFilePermissions(
                rootfs.resolve("report"), PosixFilePermissions.fromString("rwxr-xr-x"));
        example.rootfs.file("report", 0755, "");
        example.entrypoint = List.of("/report", "it's", "a\"b", "\\", "$HOME", "#x", "é");
        example.env = List.of("PATH=/bin", "A= \"x\" # 'y'\t ", "Q='", "E=");
        example.workingDir = "/my dir";
        example.user = "5:6";
        assertThat(launcher()).isNull();
        start(false, null);
        assertThat(nulEnded("argv").subList(2, 8)).isEqualTo(example.entrypoint.subList(1, 7));
        assertThat(nulEnded("environ")).containsAll(example.env);
        assertThat(Files.readString(out.resolve("cwd"))).isEqualTo("/my dir\n");
        assertThat(Files.readString(out.resolve("ids"))).isEqualTo("5\n6\n6\n");
        assertThat(example.warnings).isEmpty();
    }

    private void everythingArrives(long seed, boolean userNamespace) throws Exception {
        HostileText text = new HostileText(seed);
        example.cmd = text.words(5);
        example.env = List.of("PATH=/bin", "A=" + text.word(), text.name() + "=" + text.word());
        example.workingDir = text.word().replaceAll("[^\\x00-\\x7f]", "u");
        List<String> users = List.of("", "5:6", "u");
        example.user = users.get((int) seed % users.size());
        start(userNamespace, launcher());

        ProcessDescription process = example.process();
        assertThat(nulEnded("argv")).isEqualTo(process.argv());
        assertThat(nulEnded("environ"))
                .contains("container=lxc")
                .containsAll(
                        process.environment().stream()
                                .map(EnvironmentVariable::assignment)
                                .toList());
        assertThat(Files.readString(out.resolve("cwd")))
                .isEqualTo(process.workingDirectory() + "\n");
        String ids =
                switch (example.user) {
                    case "5:6" -> "5\n6\n6\n";
                    case "u" -> "5\n6\n6 10 20\n";
                    default -> "0\n0\n0\n";
                };
        assertThat(Files.readString(out.resolve("ids"))).isEqualTo(ids);
    }

    private @Nullable Launcher launcher() {
        return LxcLauncher.of(
                        LauncherMode.AUTO,
                        example.process(),
                        LxcVersion.V5,
                        example.platform,
                        example.rootfs)
                .orElse(null);
    }

    private void start(boolean userNamespace, @Nullable Launcher launcher) throws Exception {
        Files.createDirectories(Path.of(rootfs + example.process().workingDirectory()));
        if (launcher != null) {
            Path file = rootfs.resolve(launcher.path().toString());
            Files.write(file, launcher.content());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        String config =
                LxcConfig.bundle(
                        example.config(),
                        example.process(),
                        LxcVersion.V5,
                        LxcFiles.INSTALLED,
                        userNamespace,
                        example.volumes(new VolumePolicy.Tmpfs()),
                        LxcNetwork.CONFIGURED,
                        launcher,
                        example.rootfs,
                        example.warnings::add);
        String host = "lxc.rootfs.path = dir:" + rootfs + "\nlxc.net.0.type = empty\n";
        String map = "lxc.idmap = u 0 100000 65536\nlxc.idmap = g 0 100000 65536\n";
        Files.writeString(
                directory.resolve("c/config"), config + host + (userNamespace ? map : ""));
        for (String name : List.of("argv", "environ", "cwd", "ids")) {
            Files.deleteIfExists(out.resolve(name));
        }
        String start = "env PATH=%s lxc-start -P %s -n c -F".formatted(path, directory);
        Process process =
                new ProcessBuilder("script", "-qec", start, "/dev/null")
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(out.resolve("ids")).as(said).exists();
    }

    private List<String> nulEnded(String name) throws IOException {
        String text = Files.readString(out.resolve(name));
        return List.of(text.substring(0, text.length() - 1).split("\0", -1));
    }

    private static void give(Path tree, int id) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.filter(p -> !Files.isSymbolicLink(p)).toList()) {
                Files.setAttribute(path, "unix:uid", id);
                Files.setAttribute(path, "unix:gid", id);
            }
        }
    }
}
