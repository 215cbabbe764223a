import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The manual in `docs/manual`, whose sections are parts of the manual pages.
final class Guide {
    /// By heading, in their order.
    private final Map<String, List<Node>> sections = new LinkedHashMap<>();

    /// The same, in whatever case.
    private final Map<String, List<Node>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private Guide() {}

    /// @param pages in their order
    static Guide read(List<Path> pages) throws IOException {
        Parser parser = Parser.builder().extensions(List.of(TablesExtension.create())).build();
        Guide guide = new Guide();
        for (Path page : pages) {
            guide.add(parser.parse(Files.readString(page)));
        }
        guide.byName.putAll(guide.sections);
        return guide;
    }

    private void add(Node page) {
        List<Node> section = new ArrayList<>();
        for (Node node : children(page)) {
            if (node instanceof Heading heading && heading.getLevel() <= 2) {
                section = new ArrayList<>();
                if (heading.getLevel() == 2) {
                    sections.put(new Prose(heading).plainText(), section);
                }
            } else {
                section.add(node);
            }
        }
    }

    /// All sections, in their order.
    List<String> headings() {
        return List.copyOf(sections.keySet());
    }

    boolean has(String heading) {
        return byName.containsKey(heading);
    }

    /// @throws IllegalStateException when there is no such section
    void write(String heading, Roff page) {
        List<Node> section = byName.get(heading);
        if (section == null) {
            throw new IllegalStateException("the manual has no section \"%s\"".formatted(heading));
        }
        section.forEach(node -> write(node, page));
    }

    private static void write(Node node, Roff page) {
        switch (node) {
            case Heading heading -> page.subsection(new Prose(heading).plainText());
            case Paragraph paragraph -> page.paragraph(new Prose(paragraph).toString());
            case FencedCodeBlock code -> page.literal(code.getLiteral().lines().toList());
            case BulletList list ->
                    children(list).forEach(item -> page.bullet(new Prose(item).toString()));
            case TableBlock table -> writeRows(table, page);
            default ->
                    throw new IllegalStateException(
                            "a manual page cannot have a " + node.getClass().getName());
        }
    }

    /// What the first column has is explained by the others.
    private static void writeRows(TableBlock table, Roff page) {
        for (Node part : children(table)) {
            if (part instanceof TableBody) {
                for (Node row : children(part)) {
                    List<String> cells = new ArrayList<>();
                    children((TableRow) row).forEach(cell -> cells.add(new Prose(cell).toString()));
                    page.item(cells.removeFirst(), String.join("; ", cells));
                }
            }
        }
    }

    private static List<Node> children(Node node) {
        List<Node> children = new ArrayList<>();
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
            children.add(child);
        }
        return children;
    }

    /// The words of a node, with their fonts. A link is its text; other sections of the manual that
    /// it may lead to are in the program's own page.
    private static final class Prose extends AbstractVisitor {
        private static final Pattern SECTION = Pattern.compile("([a-z]+\\.md)?#.*");

        private final StringBuilder plain = new StringBuilder();
        private final StringBuilder prose = new StringBuilder();

        Prose(Node node) {
            visitChildren(node);
        }

        @Override
        public void visit(Text text) {
            plain.append(text.getLiteral());
            prose.append(Roff.plain(text.getLiteral()));
        }

        @Override
        public void visit(Code code) {
            plain.append(code.getLiteral());
            prose.append(Roff.bold(code.getLiteral()));
        }

        @Override
        public void visit(StrongEmphasis emphasis) {
            String text = new Prose(emphasis).plainText();
            plain.append(text);
            prose.append(Roff.bold(text));
        }

        @Override
        public void visit(Emphasis emphasis) {
            String text = new Prose(emphasis).plainText();
            plain.append(text);
            prose.append(Roff.italic(text));
        }

        @Override
        public void visit(Link link) {
            visitChildren(link);
            if (SECTION.matcher(link.getDestination()).matches()) {
                prose.append(" in %s(1)".formatted(Roff.bold("undocker")));
            }
        }

        @Override
        public void visit(SoftLineBreak end) {
            plain.append(' ');
            prose.append(' ');
        }

        String plainText() {
            return plain.toString();
        }

        @Override
        public String toString() {
            return prose.toString();
        }
    }
}
