package dev.undocker.runtime.launcher;

import java.util.List;

/// When a launcher is put into the root file system.
public enum LauncherMode {
    /// Where the configuration alone would lose something.
    AUTO,
    ALWAYS,
    /// What the configuration cannot express is left out and said.
    NEVER;

    /// @param obstacles what the runtime's configuration cannot express
    public boolean wants(List<String> obstacles) {
        return switch (this) {
            case AUTO -> !obstacles.isEmpty();
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
