package dev.undocker.runtime.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.image.Platform;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.HiddenDirectory;
import dev.undocker.runtime.HostileText;
import dev.undocker.runtime.ProcessUser;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.SmallRootfs;
import dev.undocker.testing.Undocker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Launchers are run, under an emulator where their processor is another one. The program that they
/// start is the machine's own shell, which tells what it got.
class LauncherTest {
    private static final ProcessUser ROOT = user(0, 0);
    private static final int SIGQUIT = 3;
    private static final String MARK = "@@@@";
    private static final String REPORT =
            "cat /proc/$$/cmdline; echo @@@@; cat /proc/$$/environ; echo @@@@; pwd -P; echo @@@@;"
                    + " id -u; id -g; id -G";

    @TempDir private Path directory;

    @BeforeEach
    void letOthersIn() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @CsvSource({
        "amd64, x86_64",
        "386, i386",
        "arm64, aarch64",
        "arm, arm",
        "riscv64, riscv64",
        "ppc64le, ppc64le",
        "s390x, s390x",
    })
    void everythingArrivesOnEveryArchitecture(String architecture, String emulated)
            throws Exception {
        Requirements.root();
        Runner runner = emulated(architecture, emulated);
        for (long seed = 0; seed < 5; seed++) {
            everythingArrives(runner, seed, user(123_456_789, 3_000_000_001L, 5L, 4_000_000_000L));
        }
        everythingArrives(runner, 5, user(1, 0));
        everythingArrives(runner, 6, ROOT);

        // what the runtime hands over is passed on
        Map<String, String> given = Map.of("container", "x", "A", "b\nc", "Z", "");
        Report report = report(runner.run(given, task(ROOT, report(List.of()), null)));
        assertThat(report.environment()).containsExactlyInAnyOrder("container=x", "A=b\nc", "Z=");

        fails(runner);
        directoriesAreMade(runner);
    }

    /// In namespaces of its own, which its power is that of.
    @ParameterizedTest
    @CsvSource({
        "amd64, x86_64",
        "386, i386",
        "arm64, aarch64",
        "arm, arm",
        "riscv64, riscv64",
        "ppc64le, ppc64le",
        "s390x, s390x",
    })
    void theFirstProcessOfAMachine(String architecture, String emulated) throws Exception {
        Requirements.root();
        Requirements.tools("unshare", "hostname", "ip");
        Path emulator = Requirements.tool("qemu-" + emulated + "-static");
        // what comes last would end the machine, if it were not in a namespace
        String script =
                "hostname; ip -o addr show lo | grep -c 127.0.0.1;"
                        + " grep -c ' /run tmpfs rw,nosuid,nodev' /proc/mounts;"
                        + " ls -d /run/made;"
                        + " ps -o stat | grep -c ^Z;"
                        + " trap 'echo asked; exit 3' QUIT;"
                        + " kill -TERM 1; sleep 20 & wait; exit 9";
        LauncherTask task =
                new LauncherTask(
                        List.of(
                                new HiddenDirectory(
                                        RootfsPath.of("run/made"),
                                        new Metadata(0755, 0, 0, 0, 0, List.of()))),
                        "/",
                        ROOT,
                        "/bin/sh",
                        List.of("sh", "-c", script),
                        List.of(new EnvironmentVariable("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")));
        Platform platform = new Platform("linux", architecture, null);
        Launcher launcher =
                Launcher.createInit(
                        task, new MachineStart("a-machine", SIGQUIT), platform, new SmallRootfs());
        Path file = Files.write(directory.resolve("init"), launcher.content());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        String said =
                Undocker.program(
                                Requirements.tool("unshare"),
                                "--fork",
                                "--kill-child",
                                "--pid",
                                "--mount",
                                "--uts",
                                "--net",
                                "--ipc",
                                "--propagation",
                                "private",
                                emulator,
                                file)
                        .run()
                        .text()
                        .replace("\0", "");
        assertThat(said)
                .isEqualTo(
                        "a-machine\n1\n1\n/run/made\n0\nasked\n"
                                + "undocker: the command has ended with exit code 3\n");
    }

    private void directoriesAreMade(Runner runner) throws Exception {
        Path top = directory.resolve("made");
        Undocker.program(Path.of("/bin/rm"), "-rf", top).succeed();
        Files.createDirectories(top.resolve("there"));
        Files.setPosixFilePermissions(
                top.resolve("there"), PosixFilePermissions.fromString("rwx------"));
        List<HiddenDirectory> directories =
                List.of(
                        hidden("there", 0777, 1, 1),
                        hidden("there/app", 02775, 999, 998),
                        hidden("there/app/work", 0700, 3_000_000_001L, 5),
                        hidden("odd ' \"\n\u00ff", 01777, 0, 0));
        LauncherTask task =
                new LauncherTask(
                        directories,
                        top.resolve("there/app/work").toString(),
                        runner.changesUser() ? user(1, 0) : ROOT,
                        "/bin/sh",
                        List.of("sh", "-c", "umask; pwd"),
                        List.of(new EnvironmentVariable("PATH", "/usr/bin:/bin")));
        for (int i = 0; i < 2; i++) {
            Result result = runner.run(Map.of("PATH", "/usr/bin:/bin"), task);
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(result.output()).endsWith("made/there/app/work\n");
            assertThat(
                            Undocker.program(
                                            Path.of("/bin/sh"),
                                            "-c",
                                            "cd \"$1\" && stat -c '%a %u:%g' there there/app"
                                                    + " there/app/work odd*",
                                            "sh",
                                            top)
                                    .succeed()
                                    .text())
                    .isEqualTo("700 0:0\n2775 999:998\n700 3000000001:5\n1777 0:0\n");
        }
        assertThat(Undocker.program(Path.of("/bin/ls"), top).succeed().output())
                .contains((byte) 0xff);

        Files.createFile(top.resolve("file"));
        for (String impossible : List.of("missing/child", "file/child")) {
            LauncherTask fails =
                    new LauncherTask(
                            List.of(hidden(impossible, 0755, 0, 0)),
                            "/",
                            ROOT,
                            "/bin/true",
                            List.of("x"),
                            List.of());
            assertThat(runner.run(Map.of("PATH", "/usr/bin:/bin"), fails).status())
                    .as(impossible)
                    .isEqualTo(126);
        }
    }

    /// A directory below `made`; a character of `path` is a byte.
    private HiddenDirectory hidden(String path, int mode, long uid, long gid) {
        RootfsPath top = RootfsPath.of(directory.resolve("made").toString());
        return new HiddenDirectory(
                top.resolve(path.getBytes(StandardCharsets.ISO_8859_1)),
                new Metadata(mode, uid, gid, 0, 0, List.of()));
    }

    @Test
    void shellMakesDirectoriesForRootAlone() throws Exception {
        Requirements.root();
        directoriesAreMade(new Runner(new Platform("linux", "loong64", null), List.of()));
        LauncherTask task =
                new LauncherTask(
                        List.of(hidden("x", 0755, 0, 0)),
                        "/",
                        user(1, 1),
                        "/bin/true",
                        List.of("x"),
                        null);
        Launcher launcher =
                Launcher.create(
                        task,
                        new Platform("linux", "loong64", null),
                        new SmallRootfs().file("bin/sh", 0755, ""),
                        "why");
        assertThat(launcher.makesDirectories()).isFalse();
        assertThat(new String(launcher.content(), StandardCharsets.UTF_8)).doesNotContain("mkdir");
    }

    private void fails(Runner runner) throws Exception {
        List<EnvironmentVariable> none = List.of();
        LauncherTask missing =
                new LauncherTask(List.of(), "/", ROOT, "/no/such/program", List.of("x"), none);
        assertThat(runner.run(Map.of(), missing).status()).isEqualTo(127);
        LauncherTask forbidden =
                new LauncherTask(List.of(), "/", ROOT, "/etc/passwd", List.of("x"), none);
        assertThat(runner.run(Map.of(), forbidden).status()).isEqualTo(126);
        LauncherTask lost =
                new LauncherTask(
                        List.of(), "/no/such/directory", ROOT, "/bin/true", List.of("x"), none);
        assertThat(runner.run(Map.of(), lost).status()).isEqualTo(126);
        LauncherTask fine = new LauncherTask(List.of(), "/", ROOT, "/bin/true", List.of("x"), none);
        assertThat(runner.run(Map.of(), fine).status()).isZero();
    }

    @Test
    void hostileTextArrivesNatively() throws Exception {
        Requirements.root();
        Requirements.require(Platform.host().architecture().equals("amd64"), "needs an amd64");
        Runner runner = new Runner(new Platform("linux", "amd64", null), List.of());
        for (long seed = 0; seed < 150; seed++) {
            everythingArrives(runner, seed, user(1, 2, 10, 20));
        }
    }

    @Test
    void muchTextArrives() throws Exception {
        Requirements.require(Platform.host().architecture().equals("amd64"), "needs an amd64");
        Runner runner = new Runner(new Platform("linux", "amd64", null), List.of());
        List<String> argv = report(Collections.nCopies(1000, "x".repeat(1000)));
        Report report = report(runner.run(Map.of(), task(ROOT, argv, List.of())));
        assertThat(report.argv()).isEqualTo(argv);
    }

    @Test
    void refusedUserEndsWith126() throws Exception {
        Requirements.root();
        Requirements.tool("setpriv");
        Requirements.require(Platform.host().architecture().equals("amd64"), "needs an amd64");
        Runner runner =
                new Runner(
                        new Platform("linux", "amd64", null),
                        List.of("setpriv", "--reuid=1", "--regid=1", "--clear-groups"));
        LauncherTask task =
                new LauncherTask(List.of(), "/", user(7, 7), "/bin/true", List.of("x"), List.of());
        assertThat(runner.run(Map.of(), task).status()).isEqualTo(126);
    }

    @Test
    void shellStandsInForUnknownProcessors() throws Exception {
        Runner runner = new Runner(new Platform("linux", "loong64", null), List.of());
        for (long seed = 0; seed < 50; seed++) {
            HostileText text = new HostileText(seed);
            List<String> argv = new ArrayList<>(report(text.words(5)));
            argv.set(0, "/bin/sh");
            List<EnvironmentVariable> environment =
                    List.of(
                            new EnvironmentVariable("PATH", "/usr/bin:/bin"),
                            new EnvironmentVariable("HOSTILE", text.word()));
            Report report = report(runner.run(Map.of(), task(ROOT, argv, environment)));
            assertThat(report.argv()).isEqualTo(argv);
            assertThat(report.environment())
                    .contains(environment.getLast().assignment(), "PATH=/usr/bin:/bin");
            assertThat(report.directory()).isEqualTo(workingDirectory().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-b", "1x", "x y", "x\ny", "x;id"})
    void shellRefusesNamesItCannotSet(String name) {
        LauncherTask task =
                task(ROOT, List.of("x"), List.of(new EnvironmentVariable(name, "value")));
        Platform platform = new Platform("linux", "loong64", null);
        SmallRootfs rootfs = new SmallRootfs().file("bin/sh", 0755, "");
        assertThatThrownBy(() -> Launcher.create(task, platform, rootfs, "why"))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining(name);
    }

    @Test
    void withoutProcessorOrShellTheReasonIsSaid() {
        Platform platform = new Platform("linux", "loong64", null);
        LauncherTask task = task(ROOT, List.of("x"), null);
        assertThatThrownBy(
                        () -> Launcher.create(task, platform, new SmallRootfs(), "argument 'a b'"))
                .isInstanceOf(UndockerException.class)
                .hasMessage(
                        "argument 'a b': no launcher for linux/loong64, and the image has no"
                                + " /bin/sh");
    }

    @Test
    void imagesOwnNamesAreLeftAlone() {
        SmallRootfs rootfs =
                new SmallRootfs()
                        .file(".undocker-init", 0644, "")
                        .symlink(".undocker-init-1", "nowhere");
        Launcher launcher =
                Launcher.create(
                        task(ROOT, List.of("x"), null),
                        new Platform("linux", "s390x", null),
                        rootfs,
                        "");
        assertThat(launcher.command()).isEqualTo("/.undocker-init-2");
        assertThat(launcher.setsUser()).isTrue();
        assertThat(launcher.setsEnvironment()).isFalse();
    }

    private void everythingArrives(Runner runner, long seed, ProcessUser user) throws Exception {
        HostileText text = new HostileText(seed);
        List<String> argv = report(text.words(6));
        List<EnvironmentVariable> environment =
                List.of(
                        new EnvironmentVariable("PATH", "/usr/bin:/bin"),
                        new EnvironmentVariable(text.name(), text.word()),
                        new EnvironmentVariable("B", text.word()));
        Report report = report(runner.run(Map.of("LOST", "1"), task(user, argv, environment)));
        assertThat(report.argv()).isEqualTo(argv);
        assertThat(report.environment())
                .isEqualTo(environment.stream().map(EnvironmentVariable::assignment).toList());
        assertThat(report.directory()).isEqualTo(workingDirectory().toString());
        List<String> groups = new ArrayList<>(List.of(Long.toString(user.gid())));
        user.groups().forEach(group -> groups.add(group.toString()));
        assertThat(report.ids()[0]).isEqualTo(Long.toString(user.uid()));
        assertThat(report.ids()[1]).isEqualTo(Long.toString(user.gid()));
        if (!user.isPlainRoot()) {
            assertThat(report.ids()[2].split(" ")).containsExactlyInAnyOrderElementsOf(groups);
        }
    }

    private Runner emulated(String architecture, String emulated) {
        Path emulator = Requirements.tool("qemu-" + emulated + "-static");
        return new Runner(new Platform("linux", architecture, null), List.of(emulator.toString()));
    }

    private LauncherTask task(
            ProcessUser user, List<String> argv, @Nullable List<EnvironmentVariable> environment) {
        return new LauncherTask(
                List.of(), workingDirectory().toString(), user, "/bin/sh", argv, environment);
    }

    private Path workingDirectory() {
        try {
            return Files.createDirectories(directory.toRealPath().resolve("my 'dir\"\n\\x"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> report(List<String> words) {
        List<String> argv = new ArrayList<>(List.of("odd name", "-c", REPORT, "zero"));
        argv.addAll(words);
        return argv;
    }

    private static ProcessUser user(long uid, long gid, long... groups) {
        return new ProcessUser(
                uid, gid, java.util.Arrays.stream(groups).boxed().toList(), null, false, "/");
    }

    private record Result(int status, String output) {}

    private record Report(
            List<String> argv, List<String> environment, String directory, String[] ids) {}

    private static Report report(Result result) {
        assertThat(result.status()).as(result.output()).isZero();
        String[] parts = result.output().split(MARK + "\n", -1);
        // the script itself holds the mark four times, without a line end behind it
        String ids = parts[parts.length - 1];
        String cwd = parts[parts.length - 2];
        return new Report(
                nulEnded(parts[parts.length - 4]),
                nulEnded(parts[parts.length - 3]),
                cwd.substring(0, cwd.length() - 1),
                ids.split("\n"));
    }

    private static List<String> nulEnded(String text) {
        return text.isEmpty()
                ? List.of()
                : List.of(text.substring(0, text.length() - 1).split("\0", -1));
    }

    private final class Runner {
        private final Platform platform;
        private final List<String> prefix;

        boolean changesUser() {
            return InstructionSet.of(platform).isPresent();
        }

        Runner(Platform platform, List<String> prefix) {
            this.platform = platform;
            this.prefix = prefix;
        }

        Result run(Map<String, String> environment, LauncherTask task)
                throws IOException, InterruptedException {
            SmallRootfs rootfs = new SmallRootfs().file("bin/sh", 0755, "");
            Launcher launcher = Launcher.create(task, platform, rootfs, "why");
            Path file = directory.resolve("launcher");
            Files.deleteIfExists(file);
            Files.write(file, launcher.content());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            List<String> command = new ArrayList<>(prefix);
            command.add(file.toString());
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        }
    }
}
