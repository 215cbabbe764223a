package dev.undocker.runtime.nspawn;

import dev.undocker.runtime.ControlCharacters;
import dev.undocker.runtime.EnvironmentVariable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// What a line of a settings file can hold (systemd.syntax(7), systemd.nspawn(5)). Words are quoted
/// as in a shell, but a backslash is always itself.
final class NspawnGrammar {
    /// systemd reads lines up to 1 MiB, key included.
    private static final int LONGEST_LINE = (1 << 20) - 64;

    private NspawnGrammar() {}

    /// True when a value of quoted words arrives as it is.
    static boolean holds(String text) {
        return !ControlCharacters.in(text)
                && text.codePoints().noneMatch(NspawnGrammar::isNoncharacter)
                // quoting adds at most two bytes for each
                && 3L * text.getBytes(StandardCharsets.UTF_8).length < LONGEST_LINE;
    }

    /// systemd takes these for invalid UTF-8 and then refuses the whole file.
    private static boolean isNoncharacter(int point) {
        return (point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef);
    }

    static boolean holds(EnvironmentVariable variable) {
        return variable.name().chars().allMatch(c -> c >= ' ' && c < 0x7f)
                && holds(variable.assignment());
    }

    static boolean holds(List<String> argv) {
        return holds(String.join(" ", argv));
    }

    /// True for a path that arrives when it is written without quotes up to the line's end.
    static boolean holdsBare(String path) {
        return holds(path) && !path.endsWith("\\") && !path.endsWith(" ") && !path.endsWith("\t");
    }

    static String words(List<String> words) {
        return words.stream().map(NspawnGrammar::word).collect(Collectors.joining(" "));
    }

    /// A word as it is, or in quotes: `"` in single ones, everything else in double ones.
    static String word(String word) {
        if (!word.isEmpty() && word.chars().noneMatch(c -> " \t\"'\\#;".indexOf(c) >= 0)) {
            return word;
        }
        StringBuilder quoted = new StringBuilder("\"");
        boolean single = false;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '"' && !single) {
                quoted.append("\"'");
            } else if (c != '"' && single) {
                quoted.append("'\"");
            }
            single = c == '"';
            quoted.append(c);
        }
        return quoted.append(single ? '\'' : '"').toString();
    }
}
