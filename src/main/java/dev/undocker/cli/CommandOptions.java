package dev.undocker.cli;

import dev.undocker.Options;
import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

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
            if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
                throw wrong(e);
            }
            UndockerException unknown = noSuchOption(unmatched);
            throw Spelling.hint(option(unmatched), spec.optionsMap().keySet())
                    .map(unknown::withHint)
                    .orElse(unknown);
        }
    }

    static UndockerException noSuchOption(CommandLine.UnmatchedArgumentException unmatched) {
        return UndockerException.usage(unmatched.getUnmatched().getFirst() + ": no such option");
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

    /// What is wrong with a value, in this program's words where it has looked at the value itself,
    /// else in picocli's.
    static UndockerException wrong(CommandLine.ParameterException failure) {
        if (!(failure.getCause() instanceof UndockerException known)) {
            return UndockerException.usage(sentence(failure));
        }
        String option =
                failure.getArgSpec() instanceof OptionSpec spec ? spec.longestName() + " " : "";
        UndockerException wrong = UndockerException.usage(option + known.sentence());
        return known.hint() == null ? wrong : wrong.withHint(known.hint());
    }

    /// What picocli says, begun as this program's messages are.
    private static String sentence(CommandLine.ParameterException failure) {
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
        add(
                OptionSpec.builder(name)
                        .type(String.class)
                        .paramLabel(label)
                        .converters(CommandOptions::text),
                description,
                set);
    }

    /// Refuses what the locale cannot say: another name is not what the user meant.
    private static String text(String argument) {
        if (!ArgumentBytes.isText(argument)) {
            throw UndockerException.usage(argument + ": its encoding is not that of the locale");
        }
        return argument;
    }

    /// The same for the name of an image or an output.
    private static String place(String argument) {
        try {
            return text(argument);
        } catch (UndockerException e) {
            throw e.withHint(
                    "- stands for standard input or output, which a shell opens under any name");
        }
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
            throw UndockerException.usage("%s: not a whole number".formatted(text));
        }
    }

    /// A repeatable option with what only this program's own commands need of picocli.
    void texts(OptionSpec.Builder option, String description, Consumer<List<String>> set) {
        add(
                option.type(List.class)
                        .auxiliaryTypes(String.class)
                        .converters(CommandOptions::text),
                description,
                set);
    }

    /// A repeatable option about paths in an image, which are bytes.
    void imagePaths(String name, String label, String description, Consumer<List<byte[]>> set) {
        add(
                OptionSpec.builder(name)
                        .paramLabel(label)
                        .type(List.class)
                        .auxiliaryTypes(String.class),
                description,
                bytes(set));
    }

    /// An option whose value is refused at once when `read` throws an [UndockerException].
    <T> void value(
            String name,
            String label,
            String description,
            Function<String, T> read,
            Consumer<T> set) {
        ITypeConverter<T> converter =
                argument -> {
                    if (argument.isEmpty()) {
                        throw UndockerException.usage("'': is empty");
                    }
                    return read.apply(text(argument));
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
                        .converters(CommandOptions::place)
                        .getter(value)
                        .setter(value));
    }

    /// The same that is a path in an image, which is bytes.
    void imagePath(String label, String description, Consumer<byte[]> set) {
        ParsedValue<String> value =
                new ParsedValue<>(argument -> set.accept(ArgumentBytes.of(argument)));
        add(
                positional(label, description)
                        .required(true)
                        .type(String.class)
                        .getter(value)
                        .setter(value));
    }

    private static Consumer<List<String>> bytes(Consumer<List<byte[]>> set) {
        return arguments -> set.accept(arguments.stream().map(ArgumentBytes::of).toList());
    }

    /// All positional parameters that follow: paths in an image, which are bytes.
    ///
    /// @param least how many there must be
    void imagePaths(String label, int least, String description, Consumer<List<byte[]>> set) {
        ParsedValue<List<String>> value = new ParsedValue<>(bytes(set));
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
