package dev.undocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.image.Platform;
import dev.undocker.rootfs.Inode;
import dev.undocker.testing.SmallRootfs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class ProcessDescriptionTest {
    private static final String PASSWD =
            """
            root:x:0:0:root:/root:/bin/sh
            nonsense
            evil:x:99999999999:0::/:
            evil2:x:-1:0::/:
            nginx:x:101:102:nginx:/var/cache/nginx:/sbin/nologin
            odd:x:7:8::/home/\r\u001b:/bin/sh
            bare:x:9:9
            """;
    private static final String GROUP =
            """
            root:x:0:
            web:x:102:nginx
            disk:x:20:root,nginx
            wheel:x:10:nginx
            broken:x:abc:nginx
            """;

    private final Example example = new Example();

    private void withUsers() {
        example.rootfs.file("etc/passwd", 0644, PASSWD).file("etc/group", 0644, GROUP);
    }

    @Test
    void commandFollowsEntrypoint() {
        example.entrypoint = List.of("/bin/app", "a b");
        example.cmd = List.of("", "c");
        assertThat(example.process().argv()).containsExactly("/bin/app", "a b", "", "c");
        assertThat(example.warnings).isEmpty();
    }

    /// Every writer whose output is to be run comes here.
    @ParameterizedTest
    @ValueSource(strings = {"windows/amd64", "freebsd/arm64"})
    void whatLinuxCannotRunIsRefused(String platform) {
        example.platform = Platform.parse(platform);
        assertThatThrownBy(() -> example.process())
                .isInstanceOf(UndockerException.class)
                .hasMessage("an image for " + platform + ": Linux cannot run its programs");
    }

    @Test
    void shellStandsInForNothing() {
        example.entrypoint = List.of();
        example.rootfs.file("bin/sh", 0755, "");
        assertThat(example.process().argv()).containsExactly("/bin/sh");
        assertThat(example.warnings).singleElement().asString().contains("/bin/sh is used");
    }

    @Test
    void entrypointOptionClearsTheImagesCommand() {
        example.cmd = List.of("image");
        assertThat(example.process("--entrypoint", "/bin/app").argv()).containsExactly("/bin/app");
        assertThat(example.process("--cmd", "[\"x y\", \"\"]").argv())
                .containsExactly("/bin/app", "x y", "");
        assertThat(example.process("--entrypoint", "", "--cmd", "[\"[\"]").argv())
                .containsExactly("[");
        assertThat(example.process("--cmd", "a b").argv()).containsExactly("/bin/app", "a b");
    }

    /// Such images exist, and docker and podman run them.
    @Test
    void anEmptyWordIsNoEntrypoint() {
        example.entrypoint = List.of("");
        example.cmd = List.of("/bin/app", "OK");
        assertThat(example.process().argv()).containsExactly("/bin/app", "OK");
        example.entrypoint = List.of("/bin/other");
        assertThat(example.process("--entrypoint", "[\"\"]", "--cmd", "/bin/app").argv())
                .containsExactly("/bin/app");
        example.entrypoint = List.of("/bin/app", "");
        example.cmd = List.of("");
        assertThat(example.process().argv()).containsExactly("/bin/app", "", "");
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void variablesComeOnceAndComplete() {
        example.env = List.of("A=1", "PATH=/bin", "EMPTY", "=x", "A=2=3");
        assertThat(example.process("--env", "B=4").environment())
                .extracting(EnvironmentVariable::assignment)
                .containsExactly("A=2=3", "PATH=/bin", "EMPTY=", "B=4", "HOME=/");
        assertThat(example.warnings).singleElement().asString().contains("=x", "no name");
    }

    /// As with `docker run --env NAME`.
    @Test
    void aNameAloneIsThisProgramsVariable() {
        String unset = "UNDOCKER_TEST_UNSET";
        assertThat(System.getenv()).containsKey("PATH").doesNotContainKey(unset);
        example.env = List.of("PATH=/bin", unset + "=1", unset + "2=1", unset);
        assertThat(example.process("--env", "PATH", "--env", unset).environment())
                .extracting(EnvironmentVariable::assignment)
                .containsExactly("PATH=" + System.getenv("PATH"), unset + "2=1", "HOME=/");
    }

    @Test
    void pathAndHomeAreAdded() {
        withUsers();
        example.user = "nginx";
        assertThat(example.process().environment())
                .extracting(EnvironmentVariable::assignment)
                .containsExactly(
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "HOME=/var/cache/nginx");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, 0, /root, ''",
        "0, 0, 0, /root, ''",
        "root, 0, 0, /root, '20'",
        "nginx, 101, 102, /var/cache/nginx, '10,20'",
        "nginx:disk, 101, 20, /var/cache/nginx, ''",
        "nginx:77, 101, 77, /var/cache/nginx, ''",
        "101, 101, 102, /var/cache/nginx, ''",
        "5000, 5000, 0, /, ''",
        "5000:web, 5000, 102, /, ''",
        "4294967294:4294967294, 4294967294, 4294967294, /, ''",
        "odd, 7, 8, /, ''",
        "bare, 9, 9, /, ''",
    })
    void usersBecomeNumbers(String spec, long uid, long gid, String home, String groups) {
        withUsers();
        example.user = spec;
        ProcessUser user = example.process().user();
        assertThat(user.uid()).isEqualTo(uid);
        assertThat(user.gid()).isEqualTo(gid);
        assertThat(user.home()).isEqualTo(home);
        assertThat(user.groups().stream().map(String::valueOf).toList())
                .isEqualTo(groups.isEmpty() ? List.of() : List.of(groups.split(",")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "evil", "evil2", "-1", "4294967295", "nginx:none", "1:-1"})
    void unknownUsersAreRefused(String spec) {
        withUsers();
        example.user = spec;
        assertThatThrownBy(example::process)
                .isInstanceOfSatisfying(
                        UndockerException.class, e -> assertThat(e.hint()).contains("--user"));
        assertThat(example.process("--user", "1:2").user().gid()).isEqualTo(2);
    }

    @Test
    void userFilesMayBeLinksInsideTheRootButNothingElse() {
        withUsers();
        example.user = "nginx";
        SmallRootfs linked =
                new SmallRootfs()
                        .file("bin/app", 0755, "")
                        .symlink("etc/passwd", "/usr/share/passwd")
                        .file("usr/share/passwd", 0644, PASSWD);
        assertThat(example.process(linked).user().uid()).isEqualTo(101);

        SmallRootfs fifo =
                new SmallRootfs()
                        .file("bin/app", 0755, "")
                        .inode("etc/passwd", new Inode.Fifo(SmallRootfs.metadata(0644)));
        assertThatThrownBy(() -> example.process(fifo)).isInstanceOf(UndockerException.class);

        SmallRootfs outside =
                new SmallRootfs().file("bin/app", 0755, "").symlink("etc/passwd", "/proc/1/x");
        assertThatThrownBy(() -> example.process(outside)).isInstanceOf(UndockerException.class);
    }

    @ParameterizedTest
    @CsvSource({"'', /", "opt, /opt", "/a/../b//c/., /b/c", "/../.., /"})
    void workingDirectoryIsNormal(String given, String expected) {
        example.workingDir = given;
        assertThat(example.process().workingDirectory()).isEqualTo(expected);
    }

    @Test
    void programIsFoundAsTheKernelWould() {
        example.env = List.of("PATH=/usr/bin:/opt/bin");
        example.rootfs.file("usr/bin/tool", 0644, "").file("real/tool", 0755, "");
        example.rootfs.symlink("opt", "/real-opt").symlink("real-opt/bin", "../real");
        example.entrypoint = List.of("tool");
        assertThat(example.process().program()).isEqualTo("/opt/bin/tool");
        assertThat(example.warnings).isEmpty();
        example.entrypoint = List.of("./tool");
        example.workingDir = "/real";
        assertThat(example.process().program()).isEqualTo("/real/tool");
        example.entrypoint = List.of("missing");
        assertThat(example.process().program()).isEqualTo("/usr/bin/missing");
        assertThat(example.warnings).singleElement().asString().contains("missing");
    }

    @ParameterizedTest
    @CsvSource({
        "SIGQUIT, SIGQUIT",
        "quit, SIGQUIT",
        "3, 3",
        "RTMIN+3, SIGRTMIN+3",
        "sigrtmin, SIGRTMIN+0",
        "SIGRTMAX-1, SIGRTMAX-1",
        "'', SIGTERM",
        "SIGCLD, SIGCHLD",
    })
    void stopSignalHasOneSpelling(String given, String expected) {
        example.stopSignal = given;
        assertThat(example.process().stopSignal().name()).isEqualTo(expected);
        assertThat(example.warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65", "999", "SIGNOPE", "SIGRTMIN-3", "SIGRTMIN+99", "TERM\nx=y"})
    void unknownStopSignalsAreSaid(String given) {
        example.stopSignal = given;
        assertThat(example.process().stopSignal()).isEqualTo(StopSignal.SIGTERM);
        assertThat(example.warnings).hasSize(1);
        assertThatThrownBy(() -> example.process("--stop-signal", given))
                .isInstanceOf(UndockerException.class);
    }

    @Test
    void textThatNoProcessCanReceive() {
        example.env = List.of("A=x\0y", "B=\ud800");
        assertThat(example.process().environment())
                .extracting(EnvironmentVariable::assignment)
                .contains("B=\ufffd")
                .noneMatch(variable -> variable.startsWith("A="));
        example.cmd = List.of("a\0b");
        assertThatThrownBy(example::process)
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("NUL");
    }
}
