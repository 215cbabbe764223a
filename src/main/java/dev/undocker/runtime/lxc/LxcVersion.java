package dev.undocker.runtime.lxc;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import java.util.List;

/// What the LXC that reads the configuration understands.
public enum LxcVersion {
    /// LXC 5 and everything later: words cannot be quoted, and supplementary groups get lost in a
    /// user namespace.
    V5,
    /// LXC 6 and later only, 7 included: words of a command can be quoted.
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

    /// What the LXC of this version understands; nothing that is not known of all.
    ///
    /// @param text what `lxc-start --version` prints, such as `6.0.4` or `7.0.0-devel`
    public static LxcVersion ofProgram(String text) {
        return text.matches("([6-9]|[1-9][0-9])\\..*") ? V6 : V5;
    }

    /// The major number, as the command line takes it.
    @Override
    public String toString() {
        return name().substring(1);
    }
}
