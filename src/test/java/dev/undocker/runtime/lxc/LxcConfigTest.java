package dev.undocker.runtime.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.HostileText;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.testing.Requirements;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

class LxcConfigTest {
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

    private static final String SHM = "shm dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0";
    private static final String RESOLVER =
            "/etc/resolv.conf etc/resolv.conf none bind,ro,optional,create=file 0 0";

    private final Example example = new Example();
    private LxcNetwork network = LxcNetwork.CONFIGURED;

    private String alone(LxcVersion version) {
        return LxcConfig.alone(example.config(), example.process(), version, example.warnings::add);
    }

    private String bundle(VolumePolicy volumes, @Nullable Launcher launcher) {
        return LxcConfig.bundle(
                example.config(),
                example.process(),
                LxcVersion.V5,
                LxcFiles.TEMPLATE,
                true,
                example.volumes(volumes),
                network,
                launcher,
                example.rootfs,
                example.warnings::add);
    }

    @Test
    void plainImageIsWrittenWhole() {
        example.cmd = List.of("-g", "it's");
        example.env = List.of("PATH=/bin", "A= \"x\" # y ", "EMPTY");
        example.workingDir = "/my dir";
        example.user = "5:6";
        example.stopSignal = "QUIT";
        example.ports = List.of("80/tcp");
        example.volumes = List.of("/data");
        example.labels = Map.of("a", "b\nlxc.evil = 1");
        assertThat(alone(LxcVersion.V5))
                .isEqualTo(
                        """
                        lxc.include = /usr/share/lxc/config/common.conf
                        lxc.arch = amd64
                        lxc.init.cmd = /bin/app -g it's
                        lxc.execute.cmd = /bin/app -g it's
                        lxc.init.cwd = "/my dir"
                        lxc.init.uid = 5
                        lxc.init.gid = 6
                        lxc.signal.halt = SIGQUIT
                        lxc.environment = "PATH=/bin"
                        lxc.environment = "A= "x" # y "
                        lxc.environment = "EMPTY="
                        lxc.environment = "HOME=/"
                        # exposed port: 80/tcp
                        # volume: /data
                        # label: a=b\\x0alxc.evil = 1
                        """);
        assertThat(example.warnings).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "amd64,, amd64",
        "386,, i686",
        "arm, v5, armel",
        "arm, v7, armhf",
        "arm,, armhf",
        "arm64, v8, arm64",
        "mips64le,, mips64el",
    })
    void architecturesInLxcsWords(String architecture, String variant, String expected) {
        example.platform = new Platform("linux", architecture, variant);
        assertThat(LxcModel.parse(alone(LxcVersion.V5)).all("lxc.arch")).containsExactly(expected);
    }

    @Test
    void unknownArchitecturesAreOnlyMentioned() {
        example.platform = new Platform("linux", "loong64\nlxc.x = y", null);
        assertThat(alone(LxcVersion.V5)).doesNotContain("lxc.arch =").contains("# no lxc.arch");
    }

    @Test
    void whatLxcCannotHoldIsLeftOutAndSaid() {
        example.cmd = List.of("a b");
        example.env = List.of("OK=1", "NL=a\nb", "TOKEN=LXC_NAME");
        example.workingDir = "/LXC_PATH";
        LxcModel config = LxcModel.parse(alone(LxcVersion.V5));
        assertThat(config.all("lxc.init.cmd")).isEmpty();
        assertThat(config.all("lxc.init.cwd")).isEmpty();
        assertThat(config.all("lxc.environment")).anyMatch("OK=1"::equals);
        assertThat(config.all("lxc.environment")).noneMatch(e -> e.startsWith("NL"));
        assertThat(config.all("lxc.environment")).noneMatch(e -> e.startsWith("TOKEN"));
        assertThat(example.warnings).hasSize(4);
        assertThat(example.warnings).anyMatch(warning -> warning.contains("'a b'"));
        assertThat(example.warnings).noneMatch(warning -> warning.contains("launcher"));
    }

    @Test
    void supplementaryGroupsAreWrittenAndSaid() {
        example.rootfs.file("etc/passwd", 0644, "u:x:1:2::/:");
        example.rootfs.file("etc/group", 0644, "a:x:20:u\nb:x:10:u\n");
        example.user = "u";
        assertThat(LxcModel.parse(alone(LxcVersion.V5)).all("lxc.init.groups"))
                .containsExactly("10,20");
        assertThat(example.warnings).singleElement().asString().contains("user namespace");
        example.warnings.clear();
        alone(LxcVersion.V6);
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void bundleMountsVolumesAsAsked() {
        example.volumes = List.of("/var/my data", "/", "/linked/x", "/c\\d", "/LXC_NAME");
        example.rootfs
                .symlink("linked", "/elsewhere")
                .inode("c\\d", new Inode.Directory(new Metadata(01770, 70, 71, 0, 0, List.of())))
                .file("c\\d/file", 0644, "");
        assertThat(
                        LxcModel.parse(bundle(new VolumePolicy.Directory(), null))
                                .all("lxc.mount.entry"))
                .containsExactly(SHM, RESOLVER);
        assertThat(example.warnings).isEmpty();
        assertThat(LxcModel.parse(bundle(new VolumePolicy.Tmpfs(), null)).all("lxc.mount.entry"))
                .containsExactly(
                        SHM,
                        "tmpfs c\\134d tmpfs rw,nosuid,nodev,mode=1770,uid=70,gid=71,create=dir 0"
                                + " 0",
                        "tmpfs elsewhere/x tmpfs rw,nosuid,nodev,mode=0755,uid=0,gid=0,create=dir 0"
                                + " 0",
                        "tmpfs var/my\\040data tmpfs"
                                + " rw,nosuid,nodev,mode=0755,uid=0,gid=0,create=dir 0 0",
                        RESOLVER);
        assertThat(example.warnings)
                .containsExactly(
                        "volume /: not mounted: it is the root",
                        "volume /c\\d: LXC hides the image's content under an empty tmpfs",
                        "volume /LXC_NAME: not mounted: LXC cannot hold its name");
        assertThat(
                        LxcModel.parse(bundle(new VolumePolicy.Bind("/srv/x"), null))
                                .all("lxc.mount.entry"))
                .contains("/srv/x/var/my\\040data var/my\\040data none rw,bind,create=dir 0 0");
    }

    @Test
    void hostsNameServersAreMountedOnlyWhereTheImageHasNone() {
        VolumePolicy volumes = new VolumePolicy.Directory();
        example.rootfs.file("etc/resolv.conf", 0644, "");
        assertThat(LxcModel.parse(bundle(volumes, null)).all("lxc.mount.entry"))
                .containsExactly(SHM, RESOLVER);
        example.rootfs.file("etc/resolv.conf", 0644, "nameserver 10.0.0.1\n");
        assertThat(LxcModel.parse(bundle(volumes, null)).all("lxc.mount.entry"))
                .containsExactly(SHM);
        example.rootfs.symlink("etc/resolv.conf", "../run/resolv.conf");
        assertThat(LxcModel.parse(bundle(volumes, null)).all("lxc.mount.entry"))
                .containsExactly(SHM);
    }

    @Test
    void hookAsksForAnAddress() {
        network = LxcNetwork.DHCP;
        LxcModel model = LxcModel.parse(bundle(new VolumePolicy.Directory(), null));
        assertThat(model.all("lxc.hook.start-host")).containsExactly("LXC_HOOK_DIR/dhclient");
        assertThat(model.all("lxc.hook.stop")).containsExactly("LXC_HOOK_DIR/dhclient");
        // it writes the file, which a mount would hide
        assertThat(model.all("lxc.mount.entry")).containsExactly(SHM);
    }

    @Test
    void launcherTakesOverWhatItSets() {
        example.cmd = List.of("a\nb");
        example.env = List.of("NL=\n");
        example.user = "7:8";
        RootfsPath path = RootfsPath.of(".undocker-init");
        LxcModel full =
                LxcModel.parse(
                        bundle(
                                new VolumePolicy.Directory(),
                                new Launcher(path, new byte[0], true, true, true)));
        assertThat(full.all("lxc.init.cmd")).containsExactly("/.undocker-init");
        assertThat(full.all("lxc.init.uid")).isEmpty();
        assertThat(full.all("lxc.environment")).isEmpty();
        assertThat(full.all("lxc.init.cwd")).isEmpty();
        LxcModel part =
                LxcModel.parse(
                        bundle(
                                new VolumePolicy.Directory(),
                                new Launcher(path, new byte[0], false, false, false)));
        assertThat(part.all("lxc.init.uid")).containsExactly("7");
        assertThat(part.all("lxc.environment")).contains("HOME=/");
        assertThat(example.warnings).isEmpty();
    }

    /// No byte of an image adds a line or a key, and whatever is written is read back as it was.
    @ParameterizedTest
    @EnumSource
    void hostileTextStaysInItsPlace(LxcVersion version) {
        for (long seed = 0; seed < 3000; seed++) {
            HostileText text = new HostileText(seed);
            example.cmd = text.words(3);
            example.env = List.of(text.name() + "=" + text.word(), "PATH=" + text.word());
            example.workingDir = text.word();
            example.volumes = text.words(3);
            example.ports = text.words(2);
            example.labels = Map.of(text.name(), text.word());
            example.stopSignal = text.word();
            example.platform = new Platform("linux", seed % 2 == 0 ? "amd64" : text.name(), null);
            ImageConfig config = example.config();
            ProcessDescription process = example.process();
            String aloneText = LxcConfig.alone(config, process, version, example.warnings::add);
            checkLines(aloneText);
            checkLines(bundle(new VolumePolicy.Tmpfs(), null));
            checkLines(bundle(new VolumePolicy.Bind("/srv"), null));

            LxcModel model = LxcModel.parse(aloneText);
            boolean exact = LxcLimits.of(process, version).isEmpty();
            if (!model.all("lxc.init.cmd").isEmpty()) {
                assertThat(model.command6()).isEqualTo(process.argv());
                if (version == LxcVersion.V5) {
                    assertThat(model.command5()).isEqualTo(process.argv());
                }
            } else {
                assertThat(exact).isFalse();
            }
            assertThat(process.environment())
                    .extracting(EnvironmentVariable::assignment)
                    .containsSubsequence(model.all("lxc.environment"));
            if (exact) {
                assertThat(model.all("lxc.environment")).hasSameSizeAs(process.environment());
                assertThat(model.all("lxc.init.cwd")).containsExactly(process.workingDirectory());
            }
        }
    }

    private static void checkLines(String text) {
        assertThat(text.split("[\r\n\0]"))
                .allMatch(line -> line.startsWith("#") || KEYS.contains(line.split(" = ")[0]));
        assertThat(text.chars().filter(c -> c < ' ' && c != '\n' && c != '\t')).isEmpty();
    }

    @Test
    void lxcItselfReadsEveryKey(@TempDir Path directory) throws Exception {
        Requirements.tools("lxc-create", "lxc-info");
        Requirements.root();
        example.cmd = List.of("-g", "it's", "#x");
        example.env = List.of("A= \"x\" # 'y' ", "UTF=é", "Q=\"");
        example.workingDir = "/my dir";
        example.user = "5:6";
        example.stopSignal = "RTMIN+3";
        example.volumes = List.of("/var/my data");
        Path config = directory.resolve("config");
        Files.writeString(config, alone(LxcVersion.V5));
        run(
                directory,
                "lxc-create",
                "-P",
                directory.toString(),
                "-n",
                "x",
                "-t",
                "none",
                "-f",
                config.toString());
        assertThat(item(directory, "lxc.init.cmd")).isEqualTo("/bin/app -g it's #x");
        assertThat(item(directory, "lxc.init.cwd")).isEqualTo("/my dir");
        assertThat(item(directory, "lxc.init.uid")).isEqualTo("5");
        assertThat(item(directory, "lxc.environment"))
                .contains("A= \"x\" # 'y' \n", "UTF=é\n", "Q=\"\n");
        assertThat(example.warnings).isEmpty();
    }

    /// A start of LXC for all of them. What it cannot hold is left out.
    @Test
    void lxcItselfReadsHostileText(@TempDir Path directory) throws Exception {
        Requirements.tools("lxc-create", "lxc-info");
        Requirements.root();
        List<String> words = HostileText.many(10_000);
        example.env =
                IntStream.range(0, words.size())
                        .mapToObj(i -> "V" + i + "=" + words.get(i))
                        .toList();
        Path container = Files.createDirectory(directory.resolve("x"));
        String config = alone(LxcVersion.V5);
        checkLines(config);
        Files.writeString(container.resolve("config"), config);
        List<String> held =
                example.process().environment().stream()
                        .map(EnvironmentVariable::assignment)
                        .filter(LxcModel.parse(config).all("lxc.environment")::contains)
                        .toList();
        assertThat(held).hasSizeGreaterThan(words.size() / 10);
        assertThat(item(directory, "lxc.environment").lines()).containsExactlyElementsOf(held);
        assertThat(item(directory, "lxc.hook.pre-start")).doesNotContain("pwned");
    }

    private static String item(Path directory, String key) throws Exception {
        return run(directory, "lxc-info", "-P", directory.toString(), "-n", "x", "-c", key)
                .replaceFirst("^" + key + " = ", "")
                .stripTrailing();
    }

    private static String run(Path directory, String... command)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
