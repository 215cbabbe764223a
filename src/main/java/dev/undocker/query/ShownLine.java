package dev.undocker.query;

import dev.undocker.rootfs.RootfsPath;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Text that an image says, as people see it: in one line, in which blanks and line ends, that
/// commands of several lines have, are one space each, and which no terminal could obey.
public final class ShownLine {
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private static final int ESCAPE = "\\xhh".length();

    private static final int FIRST_COMBINING = 0x300;

    private ShownLine() {}

    /// What cannot be printed is written as [RootfsPath#printable(byte\[\])] does.
    public static String of(String text) {
        String line = BLANKS.matcher(text.strip()).replaceAll(" ");
        return RootfsPath.printable(line.getBytes(StandardCharsets.UTF_8));
    }

    /// What of such a line fits, with an ellipsis where something is left out. An escape is whole
    /// or not there.
    ///
    /// @param columns how many there are
    public static String cut(String line, int columns) {
        if (columns(line) <= columns) {
            return line;
        }
        int end = 0;
        int left = columns - 1;
        while (true) {
            int escape = line.startsWith("\\x", end) ? ESCAPE : line.charAt(end) == '\\' ? 2 : 0;
            left -= escape > 0 ? escape : columns(line.codePointAt(end));
            if (left < 0) {
                return line.substring(0, end) + "…";
            }
            end = line.offsetByCodePoints(end, Math.max(1, escape));
        }
    }

    /// How many columns of a terminal it takes, as far as terminals agree.
    static int columns(String line) {
        return line.codePoints().map(ShownLine::columns).sum();
    }

    /// Two for what East Asian scripts and pictures need, none for what stands over a letter
    /// (Unicode Standard Annex 11).
    private static int columns(int point) {
        if (point < FIRST_COMBINING) {
            return 1;
        }
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide =
                Character.isIdeographic(point)
                        || Character.isEmojiPresentation(point)
                        || switch (Character.UnicodeScript.of(point)) {
                            case HANGUL, HIRAGANA, KATAKANA -> true;
                            default -> false;
                        };
        return wide ? 2 : 1;
    }
}
