package dev.undocker.runtime.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.runtime.Example;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.launcher.LauncherMode;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class LxcLauncherTest {
    private final Example example = new Example();

    private Optional<Launcher> launcher(LauncherMode mode, LxcVersion version) {
        return LxcLauncher.of(mode, example.process(), version, example.platform, example.rootfs);
    }

    @Test
    void plainProcessesNeedNone() {
        example.cmd = List.of("-g", "daemon");
        example.user = "5:6";
        example.workingDir = "/my dir";
        assertThat(launcher(LauncherMode.AUTO, LxcVersion.V5)).isEmpty();
        assertThat(launcher(LauncherMode.ALWAYS, LxcVersion.V5)).isPresent();
    }

    @Test
    void quotedWordsNeedOneBeforeLxc6() {
        example.cmd = List.of("-g", "daemon off;", "");
        assertThat(launcher(LauncherMode.AUTO, LxcVersion.V5)).isPresent();
        assertThat(launcher(LauncherMode.AUTO, LxcVersion.V6)).isEmpty();
        assertThat(launcher(LauncherMode.NEVER, LxcVersion.V5)).isEmpty();
        example.cmd = List.of("it's \"so\" ");
        assertThat(launcher(LauncherMode.AUTO, LxcVersion.V6)).isPresent();
    }

    @Test
    void environmentIsPassedOnUnlessTheConfigurationCannotHoldIt() {
        example.cmd = List.of("a b");
        assertThat(launcher(LauncherMode.AUTO, LxcVersion.V5).orElseThrow().setsEnvironment())
                .isFalse();
        example.env = List.of("NL=\n");
        Launcher launcher = launcher(LauncherMode.AUTO, LxcVersion.V6).orElseThrow();
        assertThat(launcher.setsEnvironment()).isTrue();
        assertThat(new String(launcher.content(), StandardCharsets.ISO_8859_1))
                .contains("NL=\n\0")
                .contains("container=lxc\0");
    }

    @Test
    void choicesAreWordsOfTheCommandLine() {
        assertThat(LauncherMode.parse("never")).isEqualTo(LauncherMode.NEVER);
        assertThat(LxcVersion.parse("6")).isEqualTo(LxcVersion.V6);
    }

    @Test
    void supplementaryGroupsNeedOneBeforeLxc6() {
        example.rootfs.file("etc/passwd", 0644, "u:x:1:2::/:");
        example.rootfs.file("etc/group", 0644, "a:x:20:u\n");
        example.user = "u";
        assertThat(launcher(LauncherMode.AUTO, LxcVersion.V5)).isPresent();
        assertThat(launcher(LauncherMode.AUTO, LxcVersion.V6)).isEmpty();
    }
}
