package dev.undocker.cli;

import dev.undocker.convert.Output;
import dev.undocker.output.OutputWriter;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker WRITER IMAGE DESTINATION`: the subcommand of one writer.
final class WriterCommand implements Callable<Integer> {
    private final OutputWriter.Settings settings;
    private final ConversionRun run;
    private final ConversionFlags flags = new ConversionFlags();
    private String image = "";
    private String destination = "";

    private WriterCommand(OutputWriter.Settings settings, ConversionRun run) {
        this.settings = settings;
        this.run = run;
    }

    /// The subcommand with the writer's own options and words.
    static CommandSpec spec(OutputWriter writer, ConversionRun run) {
        WriterCommand command = new WriterCommand(writer.newSettings(), run);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
        spec.usageMessage().description(writer.summary() + ".");
        CommandOptions options = new CommandOptions(spec);
        options.parameter("IMAGE", "the image to convert", text -> command.image = text);
        options.parameter(
                writer.destinationLabel(),
                "where the output goes",
                text -> command.destination = text);
        command.flags.declare(options);
        command.settings.declare(options);
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        return run.run(image, flags, List.of(new Output(settings, destination)));
    }
}
