package dev.undocker.query;

/// Text for people, in lines of 80 columns at most where words allow it. A name stays in one piece,
/// blanks included.
public final class Prose {
    private static final int WIDTH = 80;

    /// Stands for a blank that is none between words.
    private static final char TIED = '\0';

    private final StringBuilder text = new StringBuilder();

    /// A name or other text that is not to be parted.
    public static String tied(String name) {
        return name.replace(' ', TIED);
    }

    /// The same text where it is not parted anyway.
    public static String untied(String words) {
        return words.replace(TIED, ' ');
    }

    /// Adds a paragraph.
    ///
    /// @param indent how far all its lines are indented; the second and later ones by two more
    public void add(int indent, String words) {
        int column = indent;
        text.append(" ".repeat(indent));
        boolean begun = false;
        for (String word : words.split(" ")) {
            int width = word.codePointCount(0, word.length());
            if (begun && column + 1 + width > WIDTH) {
                text.append('\n').append(" ".repeat(indent + 2));
                column = indent + 2;
            } else if (begun) {
                text.append(' ');
                column++;
            }
            text.append(untied(word));
            column += width;
            begun = true;
        }
        text.append('\n');
    }

    /// Adds one line, cut where it is longer than the others may be.
    public void addLine(int indent, String line) {
        int room = WIDTH - indent;
        text.append(" ".repeat(indent));
        if (line.codePointCount(0, line.length()) > room) {
            text.append(line, 0, line.offsetByCodePoints(0, room - 1)).append('…');
        } else {
            text.append(line);
        }
        text.append('\n');
    }

    public void addEmptyLine() {
        text.append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
