package dev.undocker.runtime.launcher;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;
import dev.undocker.image.Platform;
import dev.undocker.runtime.HiddenDirectory;

import java.util.List;

/// When a launcher is put into the root file system.
public enum LauncherMode {
    /// Where the configuration alone would lose something.
    AUTO,
    ALWAYS,
    /// What the configuration cannot express is left out and said.
    NEVER;

    /// @param text `auto`, `always` or `never`
    /// @throws UndockerException when it is none of them
    public static LauncherMode parse(String text) {
        return switch (text) {
            case "auto" -> AUTO;
            case "always" -> ALWAYS;
            case "never" -> NEVER;
            default ->
                    throw Spelling.refusal(
                            "--launcher " + text, text, List.of("auto", "always", "never"));
        };
    }

    /// @param obstacles what the runtime's configuration cannot express
    public boolean wants(List<String> obstacles) {
        return switch (this) {
            case AUTO -> !obstacles.isEmpty();
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }

    /// The same, or directories that a runtime hides. For these alone no launcher is made that
    /// needs the image's shell: it could fail where the program would not miss them.
    public boolean wants(
            List<String> obstacles, List<HiddenDirectory> directories, Platform platform) {
        boolean cheap =
                this == AUTO && !directories.isEmpty() && InstructionSet.of(platform).isPresent();
        return wants(obstacles) || cheap;
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
