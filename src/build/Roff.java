import java.util.List;
import java.util.Locale;

/// The source of one manual page, in the language of man(7).
///
/// Prose is given with its fonts, made of [#plain], [#bold] and [#italic]; whatever else is given
/// is plain text, escaped here.
final class Roff {
    private final StringBuilder source = new StringBuilder();
    private boolean isAfterHeading;

    /// @param day as in 2026-01-01
    Roff(String name, String day, String origin) {
        macro(
                "TH %s 1 %s".formatted(quoted(name.toUpperCase(Locale.ROOT)), day),
                origin,
                "User Commands");
        // names of options and files must not be broken
        macro("nh");
        macro("ad l");
    }

    void section(String heading) {
        macro("SH", heading.toUpperCase(Locale.ROOT));
        isAfterHeading = true;
    }

    void subsection(String heading) {
        macro("SS", heading);
        isAfterHeading = true;
    }

    void paragraph(String prose) {
        separate();
        line(prose);
    }

    /// A heading begins a paragraph by itself.
    private void separate() {
        if (!isAfterHeading) {
            macro("PP");
        }
        isAfterHeading = false;
    }

    private void line(String prose) {
        source.append(guarded(prose)).append('\n');
    }

    /// A term and, further to the right, what it means.
    void item(String term, String prose) {
        isAfterHeading = false;
        macro("TP");
        line(term);
        line(prose);
    }

    void bullet(String prose) {
        isAfterHeading = false;
        macro("IP \\(bu 2");
        line(prose);
    }

    /// Lines as they are, to be typed or read on a screen. (After EX and EE groff hyphenates
    /// again.)
    void literal(List<String> lines) {
        separate();
        macro("RS 4");
        macro("nf");
        lines.forEach(line -> line(plain(line)));
        macro("fi");
        macro("RE");
    }

    private void macro(String name, String... arguments) {
        source.append('.').append(name);
        for (String argument : arguments) {
            source.append(' ').append(quoted(argument));
        }
        source.append('\n');
    }

    private static String quoted(String argument) {
        return '"' + plain(argument) + '"';
    }

    /// A line that begins with a dot or an apostrophe would be a request; an empty one gives a
    /// warning.
    private static String guarded(String line) {
        return line.isEmpty() || line.startsWith(".") ? "\\&" + line : line;
    }

    static String bold(String text) {
        return "\\fB" + plain(text) + "\\fR";
    }

    static String italic(String text) {
        return "\\fI" + plain(text) + "\\fR";
    }

    /// Every character as itself: roff would typeset hyphens and quotes, which then cannot be typed
    /// or found.
    static String plain(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(each -> escaped.append(plain(each)));
        return escaped.toString();
    }

    private static String plain(int codePoint) {
        return switch (codePoint) {
            case '\\' -> "\\(rs";
            case '-' -> "\\-";
            case '\'' -> "\\(aq";
            case '"' -> "\\(dq";
            case '`' -> "\\(ga";
            case '^' -> "\\(ha";
            case '~' -> "\\(ti";
            case '\t', '\n' -> " ";
            default ->
                    codePoint < 0x7f
                            ? Character.toString(codePoint)
                            : "\\[u%04X]".formatted(codePoint);
        };
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
