package dev.undocker.runtime.lxc;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import java.util.List;

/// What the LXC that reads the configuration understands.
public enum LxcVersion {
    /// LXC 5 and everything later: words cannot be quoted, and supplementary groups get lost in a
    /// user namespace.
    V5,
    /// LXC 6 and later only: words of a command can be quoted.
    V6;

    /// @param text the major number
    /// @throws UndockerException when it is another one
    public static LxcVersion parse(String text) {
        return switch (text) {
            case "5" -> V5;
            case "6" -> V6;
            default -> throw Spelling.refusal("--lxc-version " + text, text, List.of("5", "6"));
        };
    }

    /// The major number, as the command line takes it.
    @Override
    public String toString() {
        return name().substring(1);
    }
}
