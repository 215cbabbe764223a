package dev.undocker.runtime.lxc;

import dev.undocker.image.Platform;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.launcher.LauncherMode;
import dev.undocker.runtime.launcher.LauncherTask;

import java.util.List;
import java.util.Optional;

/// Decides whether an LXC container needs a launcher, and makes it.
public final class LxcLauncher {
    private LxcLauncher() {}

    /// @throws dev.undocker.UndockerException when one is needed but cannot be made
    public static Optional<Launcher> of(
            LauncherMode mode,
            ProcessDescription process,
            LxcVersion version,
            Platform platform,
            RootfsView rootfs) {
        List<String> obstacles = LxcLimits.of(process, version);
        if (!mode.wants(obstacles)) {
            return Optional.empty();
        }
        boolean held =
                process.environment().stream()
                        .map(EnvironmentVariable::assignment)
                        .allMatch(LxcGrammar::holds);
        String reason = obstacles.isEmpty() ? "--launcher " + mode : obstacles.getFirst();
        return Optional.of(
                Launcher.create(
                        LauncherTask.of(List.of(), process, held, "lxc"),
                        platform,
                        rootfs,
                        reason));
    }
}
