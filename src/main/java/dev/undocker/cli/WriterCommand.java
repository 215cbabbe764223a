package dev.undocker.cli;

import dev.undocker.convert.Output;
import dev.undocker.output.OutputWriter;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker WRITER IMAGE DESTINATION`: the subcommand of one writer.
final class WriterCommand implements Callable<Integer> {
    private final OutputWriter.Settings settings;
    private final ConversionRun run;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "the image to convert")
    String image;

    @Parameters(index = "1", paramLabel = DESTINATION, description = "where the output goes")
    String destination;

    @Mixin ConversionFlags flags;

    private static final String DESTINATION = "DESTINATION";

    private WriterCommand(OutputWriter.Settings settings, ConversionRun run) {
        this.settings = settings;
        this.run = run;
    }

    /// The subcommand with the writer's own options and words.
    static CommandSpec spec(OutputWriter writer, ConversionRun run) {
        OutputWriter.Settings settings = writer.newSettings();
        CommandSpec spec = CommandSpec.forAnnotatedObject(new WriterCommand(settings, run));
        spec.usageMessage().description(writer.summary() + ".");
        for (ArgSpec arg : List.copyOf(spec.positionalParameters())) {
            if (arg instanceof PositionalParamSpec parameter
                    && parameter.paramLabel().equals(DESTINATION)) {
                spec.remove(parameter);
                spec.addPositional(
                        PositionalParamSpec.builder(parameter)
                                .paramLabel(writer.destinationLabel())
                                .build());
            }
        }
        spec.addMixin("settings", CommandSpec.forAnnotatedObject(settings));
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        return run.run(image, flags, List.of(new Output(settings, destination)));
    }
}
