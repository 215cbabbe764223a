package dev.undocker.cli;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;
import dev.undocker.convert.Output;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.WriterRegistry;
import dev.undocker.source.ImageSources;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker convert IMAGE -o KIND:DEST …`: several outputs from one merge.
@Singleton
class ConvertCommand implements Command {
    private final ImageSources sources;
    private final WriterRegistry writers;

    @Inject
    ConvertCommand(ImageSources sources, WriterRegistry writers) {
        this.sources = sources;
        this.writers = writers;
    }

    @Override
    public String name() {
        return "convert";
    }

    @Override
    public String summary() {
        return "Write several outputs at once; all of them appear, or none";
    }

    @Override
    public CommandSpec spec(Console console) {
        Run run = new Run(writers.writers(), new ConversionRun(sources, console));
        CommandSpec spec = CommandSpec.wrapWithoutInspection(run);
        CommandOptions options = new CommandOptions(spec);
        options.parameter("IMAGE", "the image to convert", text -> run.image = text);
        run.flags.declare(options);
        options.texts(
                OptionSpec.builder("-o", "--output")
                        .required(true)
                        .paramLabel("KIND[,OPTION[=VALUE]…]:DEST"),
                "an output: a writer's command, its options without --, and where it goes"
                        + " (repeatable); in a VALUE, a backslash goes before each comma, colon"
                        + " and backslash",
                texts -> run.outputs = texts);
        options.examples(
                List.of(
                        "undocker convert image.tar -o rootfs:nginx.tar.zst -o dir,force:nginx",
                        "undocker convert image.tar -o rootfs,compress=xz,level=9:nginx.tar.xz"));
        return spec;
    }

    private static final class Run implements Callable<Integer> {
        private final List<OutputWriter> writers;
        private final ConversionRun conversion;
        private final ConversionFlags flags = new ConversionFlags();
        private String image = "";
        private List<String> outputs = List.of();

        Run(List<OutputWriter> writers, ConversionRun conversion) {
            this.writers = writers;
            this.conversion = conversion;
        }

        @Override
        public Integer call() throws IOException {
            List<Output> parsed = new ArrayList<>();
            for (String text : outputs) {
                parsed.add(parse(text));
            }
            return conversion.run(image, flags, parsed);
        }

        private Output parse(String text) {
            OutputArgument argument = OutputArgument.parse(text);
            OutputWriter writer =
                    writers.stream()
                            .filter(candidate -> candidate.name().equals(argument.kind()))
                            .findFirst()
                            .orElseThrow(() -> unknownKind(argument.kind()));
            OutputWriter.Settings settings = writer.newSettings();
            try {
                CommandOptions.readWords(settings::declare, argument.options());
            } catch (UndockerException e) {
                UndockerException wrong =
                        UndockerException.usage("--output %s: %s".formatted(text, e.sentence()));
                // where they have no dashes
                throw e.hint() == null ? wrong : wrong.withHint(e.hint().replace("--", ""));
            }
            return new Output(settings, argument.destination());
        }

        private UndockerException unknownKind(String kind) {
            List<String> kinds = writers.stream().map(OutputWriter::name).toList();
            return Spelling.refusal("--output " + kind, kind, kinds);
        }
    }
}
