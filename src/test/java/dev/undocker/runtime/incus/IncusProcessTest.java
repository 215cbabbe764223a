package dev.undocker.runtime.incus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.UndockerException;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.HostileText;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.launcher.LauncherMode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class IncusProcessTest {
    private final Example example = new Example();
    private VolumePolicy volumes = new VolumePolicy.Directory();

    private IncusProcess process(LauncherMode mode, boolean shim) {
        return IncusProcess.of(
                example.config(),
                example.process(),
                example.volumes(volumes),
                mode,
                shim,
                example.rootfs,
                example.warnings::add);
    }

    private JsonNode config(IncusProcess process) throws IOException {
        return new ObjectMapper()
                .readTree(
                        process.config(
                                new ContainerName("box"),
                                example.volumes(volumes),
                                example.warnings::add));
    }

    @Test
    void plainProcessNeedsNoLauncher() throws IOException {
        example.cmd = List.of("-g", "daemon on", "", "a=b,c:d@e%f+g/h.i");
        example.env = List.of("A=it's \"x\" #$");
        example.workingDir = "/my dir";
        example.user = "5:6";
        IncusProcess process = process(LauncherMode.AUTO, false);
        assertThat(process.launcher()).isNull();
        assertThat(config(process).at("/process/args"))
                .hasToString("[\"/bin/app\",\"-g\",\"daemon on\",\"\",\"a=b,c:d@e%f+g/h.i\"]");
        assertThat(config(process).at("/process/cwd").asText()).isEqualTo("/my dir");
        assertThat(config(process).at("/process/user/uid").asInt()).isEqualTo(5);
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void launcherTakesWhatIncusWouldSpoil() throws IOException {
        example.user = "5:6";
        example.workingDir = "/my dir";
        for (String word : List.of("daemon off;", "it's", "\"x\"", "\\", "a\nb", "$HOME", "~")) {
            example.cmd = List.of(word);
            IncusProcess process = process(LauncherMode.AUTO, false);
            JsonNode json = config(process).get("process");
            assertThat(json.get("args")).as(word).hasToString("[\"/.undocker-init\"]");
            assertThat(json.get("user")).hasToString("{\"uid\":0,\"gid\":0}");
            assertThat(json.get("cwd").asText()).isEqualTo("/");
        }
    }

    @Test
    void shimStandsWhereLxdLooks() throws IOException {
        IncusProcess process = process(LauncherMode.AUTO, true);
        assertThat(process.launcher()).isNotNull();
        assertThat(process.launcher().command()).isEqualTo("/sbin/init");
        assertThat(process.launcher().setsEnvironment()).isTrue();
        // Incus can start the program itself
        assertThat(config(process).at("/process/args")).hasToString("[\"/bin/app\"]");
        assertThat(example.warnings)
                .containsExactly(
                        "stop signal SIGTERM: LXD sends SIGPWR: set raw.lxc to 'lxc.signal.halt ="
                                + " SIGTERM'");
    }

    @Test
    void stopSignalThatIncusDoesNotSendIsSaid() {
        for (String term : List.of("", "SIGTERM", "term", "15")) {
            example.stopSignal = term;
            process(LauncherMode.AUTO, false);
            assertThat(example.warnings).as(term).isEmpty();
        }
        example.stopSignal = "QUIT";
        process(LauncherMode.AUTO, false);
        assertThat(example.warnings)
                .containsExactly(
                        "stop signal SIGQUIT: Incus sends SIGTERM: set raw.lxc to 'lxc.signal.halt"
                                + " = SIGQUIT'");
    }

    @Test
    void directoriesBelowRunAreTheLaunchersToMake() throws IOException {
        example.rootfs.file("run/app/file", 0644, "");
        example.user = "5:6";
        IncusProcess process = process(LauncherMode.AUTO, false);
        assertThat(process.launcher()).isNotNull();
        assertThat(new String(process.launcher().content(), StandardCharsets.ISO_8859_1))
                .contains("/run/app\0");
        JsonNode json = config(process).get("process");
        assertThat(json.get("args")).hasToString("[\"/.undocker-init\"]");
        // made before rights are given up
        assertThat(json.get("user")).hasToString("{\"uid\":0,\"gid\":0}");
        assertThat(example.warnings)
                .containsExactly("/run: Incus mounts over it and hides the file /run/app/file");
    }

    /// LXD alone starts the shim then, and mounts nothing over `/run`.
    @Test
    void directoriesStayHiddenUnderIncusWhenItMayNotStartTheLauncher() {
        example.rootfs.file("run/app/file", 0644, "");
        process(LauncherMode.NEVER, true);
        assertThat(example.warnings)
                .contains(
                        "/run: Incus mounts over it and hides the directory /run/app, the file"
                                + " /run/app/file");
    }

    @Test
    void takenInitIsLeftAlone() {
        example.rootfs.file("sbin/init", 0755, "");
        IncusProcess process = process(LauncherMode.AUTO, true);
        assertThat(process.launcher()).isNotNull();
        assertThat(process.launcher().command()).isEqualTo("/.undocker-init");
        assertThat(example.warnings)
                .anyMatch(warning -> warning.contains("lxc.init.cmd = /.undocker-init"));
    }

    @Test
    void withoutLauncherNothingUnsafeIsWritten() throws IOException {
        example.workingDir = "/a\nlxc.hook.pre-start = x";
        example.env = List.of("A=b\nlxc.hook.pre-start = x", "B=ok");
        JsonNode process = config(process(LauncherMode.NEVER, false)).get("process");
        assertThat(process.toString()).doesNotContain("hook").contains("B=ok");
        assertThat(example.warnings).hasSize(2);
        example.cmd = List.of("a\nb");
        assertThatThrownBy(() -> process(LauncherMode.NEVER, false))
                .isInstanceOf(UndockerException.class);
    }

    /// Incus adds `create=dir` and makes a line of it, which has to be one that LXC reads.
    @Test
    void volumesAreWhatIncusCanMount() throws IOException {
        example.volumes = List.of("/data", "/my data");
        assertThat(config(process(LauncherMode.AUTO, false)).findValuesAsText("destination"))
                .doesNotContain("/data");
        assertThat(example.warnings).isEmpty();
        volumes = new VolumePolicy.Tmpfs();
        JsonNode config = config(process(LauncherMode.AUTO, false));
        assertThat(config.findValuesAsText("destination")).contains("/data");
        assertThat(config.toString()).doesNotContain("tmpcopyup");
        assertThat(example.warnings)
                .containsExactly("volume /my data: not mounted: Incus cannot hold its name");
        assertThatThrownBy(() -> IncusProcess.requireMountable(new VolumePolicy.Bind("/srv")))
                .isInstanceOfSatisfying(
                        UndockerException.class, e -> assertThat(e.isUsage()).isTrue());
    }

    /// Incus writes these values into lines of an LXC configuration.
    @Test
    void hostileTextNeverReachesALine() throws IOException {
        volumes = new VolumePolicy.Tmpfs();
        for (long seed = 0; seed < 2000; seed++) {
            HostileText text = new HostileText(seed);
            example.cmd = text.words(3);
            example.env = List.of(text.name() + "=" + text.word(), "PATH=" + text.word());
            example.workingDir = text.word();
            example.labels = Map.of(text.name(), text.word());
            example.volumes = text.words(2);
            JsonNode config = config(process(LauncherMode.AUTO, seed % 2 == 0));
            for (JsonNode word : config.at("/process/args")) {
                assertThat(word.asText()).matches("[A-Za-z0-9_@%+=:,./ -]*");
            }
            for (JsonNode variable : config.at("/process/env")) {
                assertThat(variable.asText())
                        .matches("[A-Za-z_][A-Za-z0-9_.-]*=[^\\x00-\\x08\\x0a-\\x1f\\x7f]*");
            }
            assertThat(config.at("/process/cwd").asText()).matches("/[A-Za-z0-9_@%+=:,./ -]*");
            assertThat(config.get("mounts").findValuesAsText("destination"))
                    .allMatch(path -> path.matches("/[A-Za-z0-9_@%+=:,./-]+"));
        }
    }
}
