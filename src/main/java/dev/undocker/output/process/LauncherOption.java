package dev.undocker.output.process;

import dev.undocker.Options;
import dev.undocker.runtime.launcher.LauncherMode;

/// When a launcher is wanted: an option.
public final class LauncherOption {
    private String mode = LauncherMode.AUTO.toString();

    /// Adds the option.
    public void declare(Options options) {
        options.text(
                "--launcher",
                "auto|always|never",
                "when to add a launcher to the root file system: where the configuration alone"
                        + " would lose something (auto, the default), always or never",
                word -> mode = word);
    }

    /// @throws dev.undocker.UndockerException when there is no such mode
    public LauncherMode mode() {
        return LauncherMode.parse(mode);
    }
}
