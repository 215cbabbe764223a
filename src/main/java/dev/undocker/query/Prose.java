package dev.undocker.query;

/// Text for people, in lines of so many columns at most where words allow it. A name stays in one
/// piece, blanks included.
public final class Prose {
    /// Stands for a blank that is none between words.
    private static final char TIED = '\0';

    private final int width;
    private final StringBuilder text = new StringBuilder();

    /// @param width of the lines
    public Prose(int width) {
        this.width = width;
    }

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
        add("", indent, words);
    }

    /// The same with a label, which stands in front of the first line.
    public void add(String label, int indent, String words) {
        text.append(label).repeat(' ', Math.max(label.isEmpty() ? 0 : 1, indent - label.length()));
        int column = indent;
        boolean begun = false;
        for (String word : words.split(" ", -1)) {
            int length = ShownLine.columns(word);
            if (begun && column + 1 + length > width) {
                text.append('\n').repeat(' ', indent + 2);
                column = indent + 2;
            } else if (begun) {
                text.append(' ');
                column++;
            }
            text.append(untied(word));
            column += length;
            begun = true;
        }
        text.append('\n');
    }

    /// Adds one line, cut where it is longer than the others may be.
    ///
    /// @param line as [ShownLine] has made it
    public void addLine(int indent, String line) {
        text.repeat(' ', indent).append(ShownLine.cut(line, width - indent)).append('\n');
    }

    public void addEmptyLine() {
        text.append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
