package dev.undocker.output.process;

import dev.undocker.runtime.launcher.LauncherMode;

import picocli.CommandLine.Option;

/// When a launcher is wanted; a picocli mixin.
public final class LauncherOption {
    @Option(
            names = "--launcher",
            paramLabel = "auto|always|never",
            description =
                    "when to add a launcher to the root file system: where the configuration alone"
                            + " would lose something (auto, the default), always or never")
    private String mode = LauncherMode.AUTO.toString();

    /// @throws dev.undocker.UndockerException when there is no such mode
    public LauncherMode mode() {
        return LauncherMode.parse(mode);
    }
}
