package dev.undocker.runtime.nspawn;

import dev.undocker.image.Platform;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.HiddenDirectory;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.launcher.LauncherMode;
import dev.undocker.runtime.launcher.LauncherTask;

import java.util.List;
import java.util.Optional;

/// Decides whether a machine for systemd-nspawn needs a launcher, and makes it.
public final class NspawnLauncher {
    private NspawnLauncher() {}

    /// @param directories what systemd-nspawn hides and a launcher can make anew
    /// @throws dev.undocker.UndockerException when one is needed but cannot be made
    public static Optional<Launcher> of(
            LauncherMode mode,
            ProcessDescription process,
            List<HiddenDirectory> directories,
            Platform platform,
            RootfsView rootfs) {
        List<String> obstacles = NspawnLimits.of(process, rootfs);
        if (!mode.wants(obstacles, directories, platform)) {
            return Optional.empty();
        }
        boolean held = process.environment().stream().allMatch(NspawnGrammar::holds);
        String reason = obstacles.isEmpty() ? "--launcher " + mode : obstacles.getFirst();
        return Optional.of(
                Launcher.create(
                        LauncherTask.of(directories, process, held, "systemd-nspawn"),
                        platform,
                        rootfs,
                        reason));
    }
}
