import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All commands, with what is the same about them for each reader of their declarations.
record CommandTree(CommandSpec root) {
    /// Those that have a manual page: subcommands of subcommands stand in their parent's.
    List<CommandSpec> withPages() {
        List<CommandSpec> commands = new ArrayList<>(List.of(root));
        commands.addAll(children(root));
        return commands;
    }

    /// Parents first.
    List<CommandSpec> all() {
        List<CommandSpec> commands = new ArrayList<>();
        collect(root, commands);
        return commands;
    }

    private static void collect(CommandSpec command, List<CommandSpec> into) {
        into.add(command);
        children(command).forEach(child -> collect(child, into));
    }

    static List<CommandSpec> children(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(child -> !child.usageMessage().hidden())
                .toList();
    }

    /// Sorted by the long name, as the help has them.
    static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparing(OptionSpec::longestName))
                .toList();
    }

    static List<PositionalParamSpec> parameters(CommandSpec command) {
        return command.positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .toList();
    }

    static boolean hasValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    /// What follows `undocker` on the command line: nothing, `rootfs`, `cache ls`.
    String path(CommandSpec command) {
        return command == root
                ? ""
                : command.qualifiedName(" ").substring(root.name().length() + 1);
    }

    static String pageName(CommandSpec command) {
        return command.qualifiedName("-");
    }

    /// Its description in one line, without a final period.
    static String summary(CommandSpec command) {
        return plain(command.usageMessage().description()).replaceFirst("\\.$", "");
    }

    static String description(OptionSpec option) {
        return plain(option.description());
    }

    static String plain(String... lines) {
        return String.join(" ", lines(lines)).strip();
    }

    /// The lines as the help prints them: picocli takes them for format strings with markup.
    static List<String> lines(String... lines) {
        List<String> plain = new ArrayList<>();
        for (String line : lines) {
            String formatted = String.format(line);
            plain.addAll(CommandLine.Help.Ansi.OFF.string(formatted).lines().toList());
            if (formatted.isEmpty()) {
                plain.add("");
            }
        }
        return plain;
    }
}
