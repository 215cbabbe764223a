package dev.undocker.query;

import dev.undocker.rootfs.RootfsPath;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Text that an image says, as people see it: in one line, in which blanks and line ends, that
/// commands of several lines have, are one space each, and which no terminal could obey.
public final class ShownLine {
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private static final int ESCAPE = "\\xhh".length();

    private ShownLine() {}

    /// What cannot be printed is written as [RootfsPath#printable(byte\[\])] does.
    public static String of(String text) {
        String line = BLANKS.matcher(text.strip()).replaceAll(" ");
        return RootfsPath.printable(line.getBytes(StandardCharsets.UTF_8));
    }

    /// What of such a line fits, with an ellipsis where something is left out. An escape is whole
    /// or not there.
    ///
    /// @param columns how many there are, one for each character
    public static String cut(String line, int columns) {
        if (line.codePointCount(0, line.length()) <= columns) {
            return line;
        }
        int end = 0;
        int left = columns - 1;
        while (true) {
            int escape = line.startsWith("\\x", end) ? ESCAPE : line.charAt(end) == '\\' ? 2 : 0;
            left -= Math.max(1, escape);
            if (left < 0) {
                return line.substring(0, end) + "…";
            }
            end = line.offsetByCodePoints(end, Math.max(1, escape));
        }
    }
}
