import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The manual page of one command: what `--help` says, and the manual's section about it.
///
/// @param command of those [CommandTree#withPages()]
record ManualPage(CommandTree commands, CommandSpec command, Guide guide) {
    private static final String EXIT_STATUS = "Exit codes";
    private static final String ENVIRONMENT = "Environment";
    private static final String FILES = "Files";

    /// The manual's sections that have their own place in every page.
    private static final List<String> EVERYWHERE = List.of(EXIT_STATUS, ENVIRONMENT, FILES);

    /// Where other programs describe what they and this one read.
    private static final List<String> ELSEWHERE =
            List.of(
                    "containers-auth.json(5)",
                    "containers-certs.d(5)",
                    "containers-registries.conf(5)",
                    "containers-transports(5)");

    /// A part of a label: what stands for something, what is typed as it is, what is between them.
    private static final Pattern LABEL = Pattern.compile("([A-Z]+)|([a-z0-9.]+)|([^A-Za-z0-9.]+)");

    private static final Pattern EXAMPLES = Pattern.compile("(?i)examples?:?");

    String text(String day) {
        Roff page = new Roff(CommandTree.pageName(command), day, commands.root().version()[0]);
        page.section("Name");
        page.paragraph(
                "%s \\- %s"
                        .formatted(
                                Roff.plain(CommandTree.pageName(command)),
                                Roff.plain(CommandTree.summary(command))));
        page.section("Synopsis");
        page.paragraph(synopsis(command));
        Footer footer = Footer.of(command.usageMessage());
        page.section("Description");
        page.paragraph(Roff.plain(CommandTree.summary(command) + "."));
        writeLines(footer.text(), page);
        if (guide.has(command.name())) {
            guide.write(command.name(), page);
        }
        writeSubcommands(page);
        page.section("Options");
        writeOptions(command, page);
        if (command == commands.root()) {
            writeGuide(page);
        }
        page.section("Exit status");
        writeExitStatus(page);
        page.section("Environment");
        guide.write(ENVIRONMENT, page);
        page.section("Files");
        guide.write(FILES, page);
        if (!footer.examples().isEmpty()) {
            page.section("Examples");
            writeLines(footer.examples(), page);
        }
        page.section("See also");
        page.paragraph(String.join(", ", seeAlso().map(ManualPage::reference).toList()));
        return page.toString();
    }

    private static String synopsis(CommandSpec command) {
        List<String> words = new ArrayList<>();
        words.add(Roff.bold(command.qualifiedName()));
        words.add("[" + Roff.italic("OPTION") + "]...");
        for (OptionSpec option : CommandTree.options(command)) {
            if (option.required()) {
                words.add(term(option) + (option.isMultiValue() ? "..." : ""));
            }
        }
        for (PositionalParamSpec parameter : CommandTree.parameters(command)) {
            words.add(term(parameter));
        }
        if (!command.subcommands().isEmpty()) {
            words.add(Roff.italic("COMMAND") + " ...");
        }
        return String.join(" ", words);
    }

    /// Those with pages are named, the others described.
    private void writeSubcommands(Roff page) {
        List<CommandSpec> children = CommandTree.children(command);
        if (children.isEmpty()) {
            return;
        }
        page.section("Commands");
        for (CommandSpec child : children) {
            String summary = Roff.plain(CommandTree.summary(child));
            if (command == commands.root()) {
                page.item(Roff.bold(child.name()), summary);
            } else {
                page.subsection(child.qualifiedName());
                page.paragraph(synopsis(child));
                page.paragraph(summary + ".");
                writeOptions(child, page);
            }
        }
    }

    private static void writeOptions(CommandSpec command, Roff page) {
        for (PositionalParamSpec parameter : CommandTree.parameters(command)) {
            page.item(term(parameter), Roff.plain(CommandTree.plain(parameter.description())));
        }
        for (OptionSpec option : CommandTree.options(command)) {
            page.item(term(option), Roff.plain(CommandTree.description(option)));
        }
    }

    /// As the help has it.
    private static String term(PositionalParamSpec parameter) {
        String label = label(parameter) + (parameter.arity().max() > 1 ? "..." : "");
        return parameter.arity().min() == 0 ? "[" + label + "]" : label;
    }

    private static String term(OptionSpec option) {
        String names = String.join(", ", Stream.of(option.names()).map(Roff::bold).toList());
        return CommandTree.hasValue(option) ? names + "=" + label(option) : names;
    }

    private static String label(ArgSpec argument) {
        StringBuilder label = new StringBuilder();
        Matcher part = LABEL.matcher(argument.paramLabel());
        while (part.find()) {
            if (part.group(1) != null) {
                label.append(Roff.italic(part.group(1)));
            } else if (part.group(2) != null) {
                label.append(Roff.bold(part.group(2)));
            } else {
                label.append(Roff.plain(part.group(3)));
            }
        }
        return label.toString();
    }

    /// The manual's sections about no command in particular.
    private void writeGuide(Roff page) {
        List<String> names = CommandTree.children(command).stream().map(CommandSpec::name).toList();
        for (String heading : guide.headings()) {
            if (!EVERYWHERE.contains(heading)
                    && names.stream().noneMatch(heading::equalsIgnoreCase)) {
                page.section(heading);
                guide.write(heading, page);
            }
        }
    }

    private void writeExitStatus(Roff page) {
        Map<String, String> own = command.usageMessage().exitCodeList();
        if (own.isEmpty()) {
            guide.write(EXIT_STATUS, page);
        } else {
            own.forEach((code, meaning) ->
                    page.item(Roff.bold(code), Roff.plain(CommandTree.plain(meaning))));
        }
    }

    private Stream<String> seeAlso() {
        Stream<String> own =
                commands.withPages().stream()
                        .filter(other -> other != command)
                        .map(other -> CommandTree.pageName(other) + "(1)");
        return Stream.concat(own.sorted(), ELSEWHERE.stream());
    }

    private static String reference(String page) {
        int end = page.indexOf('(');
        return Roff.bold(page.substring(0, end)) + page.substring(end);
    }

    /// Lines of a help: those that are indented stay as they are, others are prose.
    private static void writeLines(List<String> lines, Roff page) {
        List<String> block = new ArrayList<>();
        boolean literal = false;
        for (String line : lines) {
            if (line.isBlank() || line.startsWith(" ") != literal) {
                writeBlock(block, literal, page);
            }
            if (!line.isBlank()) {
                block.add(line);
                literal = line.startsWith(" ");
            }
        }
        writeBlock(block, literal, page);
    }

    private static void writeBlock(List<String> block, boolean literal, Roff page) {
        if (!block.isEmpty()) {
            String text = String.join("\n", block);
            if (literal) {
                page.literal(text.stripIndent().lines().toList());
            } else {
                page.paragraph(Roff.plain(text));
            }
            block.clear();
        }
    }

    /// What a help ends with: text, and examples below a line that says so.
    private record Footer(List<String> text, List<String> examples) {
        static Footer of(UsageMessageSpec help) {
            List<String> lines = new ArrayList<>(CommandTree.lines(help.footerHeading()));
            lines.addAll(CommandTree.lines(help.footer()));
            for (int i = 0; i < lines.size(); i++) {
                if (EXAMPLES.matcher(lines.get(i).strip()).matches()) {
                    return new Footer(lines.subList(0, i), lines.subList(i + 1, lines.size()));
                }
            }
            return new Footer(lines, List.of());
        }
    }
}
