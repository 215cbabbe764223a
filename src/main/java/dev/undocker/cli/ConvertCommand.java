package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.convert.Output;
import dev.undocker.output.FileDestination;
import dev.undocker.output.OutputWriter;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/// `undocker convert IMAGE -o KIND:DEST …`: several outputs from one merge.
final class ConvertCommand implements Callable<Integer> {
    static final String SUMMARY = "Write several outputs at once; all of them appear, or none";

    private final List<OutputWriter> writers;
    private final ConversionRun run;

    private final ConversionFlags flags = new ConversionFlags();
    private String image = "";
    private List<String> outputs = List.of();

    private ConvertCommand(List<OutputWriter> writers, ConversionRun run) {
        this.writers = writers;
        this.run = run;
    }

    static CommandSpec spec(List<OutputWriter> writers, ConversionRun run) {
        ConvertCommand command = new ConvertCommand(writers, run);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
        spec.usageMessage().description(SUMMARY + ".");
        CommandOptions options = new CommandOptions(spec);
        options.parameter("IMAGE", "the image to convert", text -> command.image = text);
        command.flags.declare(options);
        options.texts(
                OptionSpec.builder("-o", "--output")
                        .required(true)
                        .paramLabel("KIND[,OPTION[=VALUE]…]:DEST"),
                "an output: a writer's command, its options without --, and where it goes"
                        + " (repeatable)",
                texts -> command.outputs = texts);
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        List<Output> parsed = new ArrayList<>();
        Set<Object> destinations = new HashSet<>();
        for (String text : outputs) {
            Output output = parse(text);
            Object place =
                    FileDestination.isStandardOutput(output.destination())
                            ? "-"
                            : Path.of(output.destination()).toAbsolutePath().normalize();
            if (!destinations.add(place)) {
                throw UndockerException.usage(
                        "two outputs go to %s".formatted(output.destination()));
            }
            parsed.add(output);
        }
        return run.run(image, flags, parsed);
    }

    private Output parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0 || colon == text.length() - 1) {
            throw UndockerException.usage("--output %s: is not KIND:DEST".formatted(text));
        }
        String[] words = text.substring(0, colon).split(",", -1);
        OutputWriter writer =
                writers.stream()
                        .filter(candidate -> candidate.name().equals(words[0]))
                        .findFirst()
                        .orElseThrow(() -> unknownKind(words[0]));
        OutputWriter.Settings settings = writer.newSettings();
        String[] options = new String[words.length - 1];
        for (int i = 0; i < options.length; i++) {
            options[i] = "--" + words[i + 1];
        }
        try {
            CommandOptions.read(settings::declare, options);
        } catch (UndockerException e) {
            throw UndockerException.usage("--output %s: %s".formatted(text, e.sentence()));
        }
        return new Output(settings, text.substring(colon + 1));
    }

    private UndockerException unknownKind(String kind) {
        return UndockerException.usage("--output: there is no kind %s".formatted(kind))
                .withHint(
                        "the kinds are %s"
                                .formatted(
                                        String.join(
                                                ", ",
                                                writers.stream()
                                                        .map(OutputWriter::name)
                                                        .toList())));
    }
}
