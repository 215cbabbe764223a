package dev.undocker.cli;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;
import dev.undocker.output.ShellCommand;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;
import java.util.stream.Collectors;

/// What is wrong with a command line that picocli refuses, and what to type instead.
final class WrongUsage {
    private WrongUsage() {}

    static UndockerException of(CommandLine.ParameterException failure) {
        CommandSpec spec = failure.getCommandLine().getCommandSpec();
        return switch (failure) {
            case CommandLine.MissingParameterException missing -> missing(missing, spec);
            case CommandLine.UnmatchedArgumentException unmatched -> unmatched(unmatched, spec);
            default -> said(failure, spec);
        };
    }

    private static UndockerException said(
            CommandLine.ParameterException failure, CommandSpec spec) {
        UndockerException wrong = CommandOptions.wrong(failure);
        return wrong.hint() == null ? wrong.withHint(help(spec)) : wrong;
    }

    private static UndockerException missing(
            CommandLine.MissingParameterException failure, CommandSpec spec) {
        String message = String.valueOf(failure.getMessage());
        if (!message.startsWith("Missing required ") || message.contains("for option")) {
            // a value, of which picocli knows best what is wrong
            return said(failure, spec);
        }
        String names =
                failure.getMissing().stream()
                        .map(WrongUsage::name)
                        .collect(Collectors.joining(" and "));
        return wrong(
                names + (failure.getMissing().size() == 1 ? " is missing" : " are missing"),
                "write " + form(spec));
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static UndockerException unmatched(
            CommandLine.UnmatchedArgumentException failure, CommandSpec spec) {
        String word = CommandOptions.option(failure);
        if (failure.isUnknownOption()) {
            // picocli would count the words behind it as options too
            return CommandOptions.noSuchOption(failure)
                    .withHint(
                            DockerHabit.option(word, spec, form(spec))
                                    .or(() -> Spelling.hint(word, spec.optionsMap().keySet()))
                                    .orElse(help(spec)));
        }
        if (spec.subcommands().isEmpty()) {
            return wrong(word + ": one word too many", "write " + form(spec));
        }
        return wrong(
                word + ": no such command",
                Spelling.hint(word, spec.subcommands().keySet())
                        .or(() -> DockerHabit.command(word))
                        .orElse(help(spec)));
    }

    /// The command with its words: those that were typed, and the names of those that were not.
    private static String form(CommandSpec spec) {
        StringBuilder form = new StringBuilder(spec.qualifiedName());
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            Object given = parameter.getValue();
            form.append(' ')
                    .append(
                            switch (given) {
                                case null -> parameter.paramLabel();
                                case List<?> words when words.isEmpty() -> parameter.paramLabel();
                                case List<?> words -> ShellCommand.of(words.toArray());
                                default -> ShellCommand.of(given);
                            });
        }
        List<OptionSpec> options = spec.options();
        for (OptionSpec option : options) {
            if (option.required()) {
                form.append(' ').append(option.shortestName());
                form.append(' ').append(option.paramLabel());
            }
        }
        return form.toString();
    }

    private static String help(CommandSpec spec) {
        return spec.qualifiedName() + " --help";
    }

    private static UndockerException wrong(String sentence, String hint) {
        return UndockerException.usage(sentence).withHint(hint);
    }
}
