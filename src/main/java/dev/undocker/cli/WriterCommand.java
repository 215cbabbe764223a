package dev.undocker.cli;

import dev.undocker.convert.Output;
import dev.undocker.output.OutputWriter;
import dev.undocker.source.ImageSources;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker WRITER IMAGE DESTINATION`: the subcommand of one writer.
record WriterCommand(OutputWriter writer, ImageSources sources) implements Command {
    @Override
    public String name() {
        return writer.name();
    }

    @Override
    public String summary() {
        return writer.summary();
    }

    /// With the writer's own options and words.
    @Override
    public CommandSpec spec(Console console) {
        Run run = new Run(writer.newSettings(), new ConversionRun(sources, console));
        CommandSpec spec = CommandSpec.wrapWithoutInspection(run);
        CommandOptions options = new CommandOptions(spec);
        options.parameter("IMAGE", "the image to convert", text -> run.image = text);
        options.parameter(
                writer.destinationLabel(), "where the output goes", text -> run.destination = text);
        run.flags.declare(options);
        run.settings.declare(options);
        options.examples(writer.examples());
        return spec;
    }

    private static final class Run implements Callable<Integer> {
        private final OutputWriter.Settings settings;
        private final ConversionRun conversion;
        private final ConversionFlags flags = new ConversionFlags();
        private String image = "";
        private String destination = "";

        Run(OutputWriter.Settings settings, ConversionRun conversion) {
            this.settings = settings;
            this.conversion = conversion;
        }

        @Override
        public Integer call() throws IOException {
            return conversion.run(image, flags, List.of(new Output(settings, destination)));
        }
    }
}
