package dev.undocker.runtime.nspawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.Platform;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.HiddenTree;
import dev.undocker.runtime.HostileText;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.launcher.LauncherMode;
import dev.undocker.runtime.nspawn.NspawnSettings.Trust;
import dev.undocker.testing.Requirements;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

class NspawnSettingsTest {
    private static final Set<String> KEYS =
            Set.of(
                    "Boot",
                    "Parameters",
                    "WorkingDirectory",
                    "User",
                    "KillSignal",
                    "Environment",
                    "Private",
                    "VirtualEthernet",
                    "Port",
                    "TemporaryFileSystem",
                    "Bind");

    private final Example example = new Example();

    private String text(Trust trust, @Nullable Launcher launcher) {
        return text(trust, launcher, new VolumePolicy.Directory());
    }

    private String text(Trust trust, @Nullable Launcher launcher, VolumePolicy volumes) {
        return NspawnSettings.text(
                example.config(),
                example.process(),
                launcher,
                example.volumes(volumes),
                trust,
                example.rootfs,
                example.warnings::add);
    }

    private @Nullable Launcher launcher() {
        return launcher(LauncherMode.AUTO);
    }

    private @Nullable Launcher launcher(LauncherMode mode) {
        HiddenTree hidden =
                HiddenTree.of(
                        NspawnSettings.MOUNTS,
                        example.process(),
                        example.volumes(new VolumePolicy.Directory()),
                        example.rootfs);
        return NspawnLauncher.of(
                        mode,
                        example.process(),
                        hidden.directories(),
                        example.platform,
                        example.rootfs)
                .orElse(null);
    }

    private void withUser() {
        example.rootfs.file("etc/passwd", 0644, "root:x:0:0::/root:\nweb:x:7:8::/var/web:\n");
        example.rootfs.file("etc/group", 0644, "g:x:20:web\n");
        example.user = "web";
    }

    @Test
    void plainImageIsWrittenWhole() {
        example.cmd = List.of("-g", "daemon off;", "", "mix'\"ed");
        example.env = List.of("PATH=/bin", "A=x  y", "EMPTY");
        example.workingDir = "/my dir";
        example.stopSignal = "QUIT";
        example.ports = List.of("80/tcp", "53/udp", "9/sctp", "8000-9000", "99999");
        example.volumes = List.of("/data", "/a:b");
        example.labels = Map.of("a", "b\n[Files]\nBind=/");
        String execution =
                """
                [Exec]
                Boot=no
                Parameters=/bin/app -g "daemon off;" "" "mix'"'"'"ed"
                WorkingDirectory=/my dir
                KillSignal=SIGQUIT
                Environment=PATH=/bin
                Environment="A=x  y"
                Environment=EMPTY=
                Environment=HOME=/

                """;
        String comments =
                """
                # exposed port: 80/tcp
                # exposed port: 53/udp
                # exposed port: 9/sctp
                # exposed port: 8000-9000
                # exposed port: 99999
                # volume: /data
                # volume: /a:b
                # label: a=b\\x0a[Files]\\x0aBind=/
                """;
        assertThat(text(Trust.TRUSTED, null))
                .isEqualTo(
                        execution
                                + """
                                [Network]
                                Private=yes
                                VirtualEthernet=yes
                                Port=tcp:80:80
                                Port=udp:53:53
                                """
                                + comments);
        assertThat(text(Trust.UNTRUSTED, null))
                .isEqualTo(
                        execution
                                + """
                                # only honoured in /etc/systemd/nspawn:
                                # [Network]
                                # Private=yes
                                # VirtualEthernet=yes
                                # Port=tcp:80:80
                                # Port=udp:53:53
                                """
                                + comments);
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void onlyRootAndNamesThatGnuGetentKnowsNeedNoLauncher() {
        assertThat(launcher()).isNull();
        withUser();
        assertThat(launcher()).isNotNull();
        example.rootfs.file("usr/bin/getent", 0755, "#!/bin/sh\n");
        assertThat(launcher()).isNotNull();
        example.rootfs.file("usr/bin/getent", 0755, "\u007fELF rest");
        assertThat(launcher()).isNull();
        assertThat(NspawnModel.parse(text(Trust.UNTRUSTED, null)).all("User"))
                .containsExactly("web");
        example.user = "7:8";
        assertThat(launcher()).isNotNull();
        example.user = "7";
        assertThat(launcher()).isNotNull();
    }

    @Test
    void directoriesBelowAMountNeedALauncherUnlessOnlyAShellCouldMakeThem() {
        example.rootfs.file("bin/sh", 0755, "").file("run/app/file", 0644, "");
        Launcher launcher = launcher();
        assertThat(launcher).isNotNull();
        assertThat(launcher.makesDirectories()).isTrue();
        assertThat(new String(launcher.content(), StandardCharsets.ISO_8859_1))
                .contains("/run/app\0")
                .doesNotContain("/run/app/file");
        assertThat(launcher(LauncherMode.NEVER)).isNull();
        example.platform = new Platform("linux", "loong64", null);
        assertThat(launcher()).isNull();
        assertThat(launcher(LauncherMode.ALWAYS)).isNotNull();
    }

    @Test
    void launcherTakesOverWhatItSets() {
        withUser();
        NspawnModel model = NspawnModel.parse(text(Trust.UNTRUSTED, launcher()));
        assertThat(model.words("Parameters")).containsExactly("/.undocker-init");
        assertThat(model.all("User")).isEmpty();
        assertThat(model.all("WorkingDirectory")).isEmpty();
        assertThat(model.words("Environment")).contains("HOME=/var/web", "USER=web", "LOGNAME=web");
        example.env = List.of("NL=\n");
        assertThat(NspawnModel.parse(text(Trust.UNTRUSTED, launcher())).all("Environment"))
                .isEmpty();
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void whatSystemdCannotHoldIsLeftOutAndSaid() {
        withUser();
        example.cmd = List.of("a\nb");
        example.env = List.of("OK=1", "NON=\ufdd0", "É=1", "BIG=" + "x".repeat(1 << 20));
        example.workingDir = "/ends in \\";
        NspawnModel model = NspawnModel.parse(text(Trust.UNTRUSTED, null));
        assertThat(model.all("Parameters")).isEmpty();
        assertThat(model.all("WorkingDirectory")).isEmpty();
        assertThat(model.all("User")).containsExactly("web");
        assertThat(model.words("Environment")).contains("OK=1").hasSize(3);
        assertThat(example.warnings).hasSize(6);
    }

    @Test
    void volumesAreMountedAsAsked() {
        example.volumes = List.of("/my data", "/a:b", "/c\\d");
        assertThat(text(Trust.TRUSTED, null)).doesNotContain("[Files]");
        assertThat(example.warnings).isEmpty();
        assertThat(text(Trust.TRUSTED, null, new VolumePolicy.Tmpfs()))
                .contains("\n[Files]\nTemporaryFileSystem=/my data:mode=0755,uid=0,gid=0\n#");
        assertThat(example.warnings)
                .hasSize(2)
                .first()
                .isEqualTo("volume /a:b: not mounted: systemd-nspawn cannot hold its name");
        assertThat(text(Trust.UNTRUSTED, null, new VolumePolicy.Bind("/srv")))
                .contains("# [Files]\n# Bind=/srv/my data:/my data\n# volume");
    }

    /// No byte of an image adds a line or a key, and whatever is written is read back as it was.
    @ParameterizedTest
    @EnumSource
    void hostileTextStaysInItsPlace(Trust trust) {
        for (long seed = 0; seed < 3000; seed++) {
            HostileText text = new HostileText(seed);
            example.cmd = text.words(3);
            example.env = List.of(text.name() + "=" + text.word(), "PATH=" + text.word());
            example.workingDir = text.word();
            example.volumes = text.words(3);
            example.ports = text.words(2);
            example.labels = Map.of(text.name(), text.word());
            example.stopSignal = text.word();
            ProcessDescription process = example.process();
            String settings =
                    text(
                            trust,
                            null,
                            seed % 2 == 0
                                    ? new VolumePolicy.Tmpfs()
                                    : new VolumePolicy.Bind("/srv"));
            assertThat(settings.chars().filter(c -> c < ' ' && c != '\n' && c != '\t')).isEmpty();

            NspawnModel model = NspawnModel.parse(settings);
            assertThat(model.items()).allMatch(item -> KEYS.contains(item.key()));
            assertThat(model.all("TemporaryFileSystem")).allMatch(path -> path.startsWith("/"));
            assertThat(model.items().size())
                    .isEqualTo(
                            List.of(settings.split("\n")).stream()
                                    .filter(line -> !line.startsWith("#") && line.indexOf('=') > 0)
                                    .count());
            if (!model.all("Parameters").isEmpty()) {
                assertThat(model.words("Parameters")).isEqualTo(process.argv());
            }
            assertThat(process.environment())
                    .extracting(EnvironmentVariable::assignment)
                    .containsSubsequence(model.words("Environment"));
            if (NspawnLimits.of(process, example.rootfs).isEmpty()) {
                assertThat(model.words("Parameters")).isEqualTo(process.argv());
                assertThat(model.all("Environment")).hasSameSizeAs(process.environment());
                assertThat(model.all("WorkingDirectory"))
                        .containsExactly(process.workingDirectory());
            }
        }
    }

    @Test
    void hostileVariablesStayInTheirPlace() {
        List<String> words = HostileText.many(10_000);
        example.env =
                IntStream.range(0, words.size())
                        .mapToObj(i -> "V" + i + "=" + words.get(i))
                        .toList();
        NspawnModel model =
                NspawnModel.parse(text(Trust.UNTRUSTED, null, new VolumePolicy.Tmpfs()));
        assertThat(model.items()).allMatch(item -> KEYS.contains(item.key()));
        assertThat(model.words("Environment")).hasSizeGreaterThan(words.size() / 10);
        assertThat(example.process().environment())
                .extracting(EnvironmentVariable::assignment)
                .containsSubsequence(model.words("Environment"));
    }

    /// A machine of one static program, started by systemd-nspawn itself.
    @Test
    void everythingArrivesInTheMachine(@TempDir Path directory) throws Exception {
        Requirements.root();
        Requirements.tool("systemd-nspawn");
        Path machine = Files.createDirectories(directory.resolve("machine"));
        Files.createDirectories(machine.resolve("usr"));
        Files.createDirectories(machine.resolve("bin"));
        Files.copy(Requirements.tool("busybox"), machine.resolve("bin/busybox"));
        for (String applet : List.of("sh", "cat", "id", "echo", "true")) {
            Files.createSymbolicLink(machine.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        example.rootfs.file("bin/sh", 0755, "");
        example.entrypoint =
                List.of(
                        "sh",
                        "-c",
                        "cat /proc/$$/cmdline; echo @; cat /proc/$$/environ; echo @; pwd -P;"
                                + " echo @; id -u; id -g; id -G; true",
                        "zero");
        for (long seed = 0; seed < 30; seed++) {
            HostileText text = new HostileText(seed);
            example.cmd = text.words(5);
            example.env = List.of("PATH=/bin", "A=" + text.word(), text.name() + "=" + text.word());
            example.user = seed % 3 == 0 ? "7:8" : "";
            // the launcher's own limits are tested with it; this is about the settings
            example.workingDir = seed % 2 == 0 ? "/my 'dir\\x" : "/";
            Files.createDirectories(Path.of(machine + example.process().workingDirectory()));
            Launcher launcher = launcher();
            if (launcher != null) {
                Path file = machine.resolve(launcher.path().toString());
                Files.write(file, launcher.content());
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Files.writeString(directory.resolve("machine.nspawn"), text(Trust.UNTRUSTED, launcher));
            String[] report = start(machine).split("@\n", -1);
            ProcessDescription process = example.process();
            assertThat(nulEnded(report[report.length - 4])).isEqualTo(process.argv());
            assertThat(nulEnded(report[report.length - 3]))
                    .contains("container=systemd-nspawn")
                    .containsAll(
                            process.environment().stream()
                                    .map(EnvironmentVariable::assignment)
                                    .toList());
            assertThat(report[report.length - 2]).isEqualTo(process.workingDirectory() + "\n");
            String id = seed % 3 == 0 ? "7\n8\n8\n" : "0\n0\n0\n";
            assertThat(report[report.length - 1]).startsWith(id);
        }
        assertThat(example.warnings).isEmpty();
    }

    private static List<String> nulEnded(String text) {
        return List.of(text.substring(0, text.length() - 1).split("\0", -1));
    }

    private static String start(Path machine) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "systemd-nspawn",
                                "-q",
                                "--register=no",
                                "--keep-unit",
                                "--pipe",
                                "-D",
                                machine.toString()));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.PIPE).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(errors).isZero();
        return output;
    }
}
