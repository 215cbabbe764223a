package dev.undocker.cli;

import dev.undocker.Options;
import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;

/// The options and parameters of one picocli command. They are built, not read from annotations:
/// for each type of annotation the virtual machine makes a class in every run anew, which takes a
/// fifth of a short one.
public final class CommandOptions implements Options {
    private final CommandSpec spec;

    CommandOptions(CommandSpec spec) {
        this.spec = spec;
    }

    /// Reads a command line of options alone.
    ///
    /// @param declaration says which options there are
    /// @throws UndockerException when one is unknown or a value wrong
    public static void read(Consumer<Options> declaration, String... args) {
        parse(declared(declaration), args);
    }

    /// The same where each word is an option with its value, if any: `--name` or `--name=value`.
    static void readWords(Consumer<Options> declaration, List<String> words) {
        CommandSpec spec = declared(declaration);
        for (String word : words) {
            OptionSpec bare = spec.findOption(word);
            if (bare != null && bare.arity().min() > 0) {
                throw UndockerException.usage("%s: its value is missing".formatted(word));
            }
        }
        parse(spec, words.toArray(String[]::new));
    }

    private static CommandSpec declared(Consumer<Options> declaration) {
        CommandSpec spec = CommandSpec.create();
        declaration.accept(new CommandOptions(spec));
        return spec;
    }

    private static void parse(CommandSpec spec, String... args) {
        try {
            new CommandLine(spec).parseArgs(args);
        } catch (CommandLine.ParameterException e) {
            UndockerException wrong = UndockerException.usage(sentence(e));
            throw e instanceof CommandLine.UnmatchedArgumentException unmatched
                    ? Spelling.hint(option(unmatched), spec.optionsMap().keySet())
                            .map(wrong::withHint)
                            .orElse(wrong)
                    : wrong;
        }
    }

    /// The first word that nobody knows, without a value.
    static String option(CommandLine.UnmatchedArgumentException unmatched) {
        return unmatched.getUnmatched().getFirst().split("=", 2)[0];
    }

    /// Command lines that show what the command is for, in its help's footer. What they name is
    /// there where a test runs them: `docker://nginx` and the same image in `image.tar`.
    void examples(List<String> lines) {
        String[] footer = new String[lines.size()];
        for (int i = 0; i < footer.length; i++) {
            footer[i] = "  " + lines.get(i).replace("%", "%%");
        }
        spec.usageMessage().footerHeading("%nExamples:%n").footer(footer);
    }

    /// What the command returns, for its help and its manual page.
    ///
    /// @param meanings of 0 and the codes that follow
    void exitCodes(String... meanings) {
        Map<String, String> codes = new LinkedHashMap<>();
        for (String meaning : meanings) {
            codes.put(Integer.toString(codes.size()), meaning);
        }
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
    }

    /// What picocli says, begun as this program's messages are.
    static String sentence(CommandLine.ParameterException failure) {
        String message = String.valueOf(failure.getMessage());
        String line =
                message.lines()
                        .findFirst()
                        .orElse("wrong usage")
                        .replaceFirst(
                                "^Invalid value for option '(-[^']*)'( \\([^)]*\\))?: ", "$1: ");
        return line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
    }

    @Override
    public void flag(String name, String description, Consumer<Boolean> set) {
        flag(OptionSpec.builder(name), description, set);
    }

    /// A flag that may have a letter too, which writers' options have not.
    void flag(OptionSpec.Builder option, String description, Consumer<Boolean> set) {
        add(option.type(boolean.class), description, set);
    }

    @Override
    public void text(String name, String label, String description, Consumer<String> set) {
        add(OptionSpec.builder(name).type(String.class).paramLabel(label), description, set);
    }

    @Override
    public void number(String name, String label, String description, IntConsumer set) {
        value(name, label, description, CommandOptions::integer, set::accept);
    }

    @Override
    public void texts(String name, String label, String description, Consumer<List<String>> set) {
        texts(OptionSpec.builder(name).paramLabel(label), description, set);
    }

    private static Integer integer(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw UndockerException.usage("'%s' is no whole number".formatted(text));
        }
    }

    /// A repeatable option with what only this program's own commands need of picocli.
    void texts(OptionSpec.Builder option, String description, Consumer<List<String>> set) {
        add(option.type(List.class).auxiliaryTypes(String.class), description, set);
    }

    /// An option whose value is refused at once when `read` throws an [UndockerException].
    <T> void value(
            String name,
            String label,
            String description,
            Function<String, T> read,
            Consumer<T> set) {
        ITypeConverter<T> converter =
                text -> {
                    try {
                        return read.apply(text);
                    } catch (UndockerException e) {
                        throw new TypeConversionException(e.sentence());
                    }
                };
        add(
                OptionSpec.builder(name).type(String.class).paramLabel(label).converters(converter),
                description,
                set);
    }

    private <V> void add(OptionSpec.Builder option, String description, Consumer<V> set) {
        ParsedValue<V> value = new ParsedValue<>(set);
        spec.addOption(option.description(description).getter(value).setter(value).build());
    }

    /// The next positional parameter.
    void parameter(String label, String description, Consumer<String> set) {
        ParsedValue<String> value = new ParsedValue<>(set);
        add(
                positional(label, description)
                        .required(true)
                        .type(String.class)
                        .getter(value)
                        .setter(value));
    }

    /// All positional parameters that follow.
    ///
    /// @param least how many there must be
    void parameters(String label, int least, String description, Consumer<List<String>> set) {
        ParsedValue<List<String>> value = new ParsedValue<>(set);
        PositionalParamSpec.Builder positional = positional(label, description);
        add(
                positional
                        .index(spec.positionalParameters().size() + "..*")
                        .arity(least + "..*")
                        .required(least > 0)
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .getter(value)
                        .setter(value));
    }

    private PositionalParamSpec.Builder positional(String label, String description) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(spec.positionalParameters().size()))
                .paramLabel(label)
                .description(description);
    }

    private void add(PositionalParamSpec.Builder positional) {
        spec.addPositional(positional.build());
    }
}
