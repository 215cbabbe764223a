package dev.undocker.output;

import dev.undocker.linux.ProcessStatus;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// A command as a user types it: words that every POSIX shell takes as they are, and that no
/// terminal takes for anything but text.
public final class ShellCommand {
    /// What means nothing to a shell wherever it stands.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private ShellCommand() {}

    /// @param words a [Path] is one to its program too: neither an option, nor a file on another
    ///   machine as `host:file` is to tar
    public static String of(Object... words) {
        StringBuilder command = new StringBuilder();
        for (Object word : words) {
            command.append(command.isEmpty() ? "" : " ")
                    .append(quoted(word instanceof Path path ? local(path) : word.toString()));
        }
        return command.toString();
    }

    /// The same for what only root can do.
    public static String asRoot(Object... words) {
        return (ProcessStatus.current().uid() == 0 ? "" : "sudo ") + of(words);
    }

    private static String local(Path path) {
        String text = path.toString();
        int colon = text.indexOf(':');
        int slash = text.indexOf('/');
        boolean elsewhere = colon >= 0 && (slash < 0 || colon < slash);
        return text.startsWith("-") || elsewhere ? "./" + text : text;
    }

    private static String quoted(String word) {
        if (PLAIN.matcher(word).matches()) {
            return word;
        }
        return word.codePoints().anyMatch(ShellCommand::isUnseen)
                ? escaped(word)
                : "'" + word.replace("'", "'\\''") + "'";
    }

    /// Controls a terminal, or stands there without being seen, or is half a character.
    private static boolean isUnseen(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    /// Dollar-single-quotes (POSIX.1-2024, Shell Command Language 2.2.4).
    private static String escaped(String word) {
        StringBuilder quoted = new StringBuilder("$'");
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
            if (b == '\'' || b == '\\') {
                quoted.append('\\').append((char) b);
            } else if (b >= ' ' && b < 0x7f) {
                quoted.append((char) b);
            } else {
                quoted.append("\\%03o".formatted(b & 0xff));
            }
        }
        return quoted.append('\'').toString();
    }
}
