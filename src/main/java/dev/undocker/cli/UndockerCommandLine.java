package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.WriterRegistry;
import dev.undocker.source.ImageSources;

import picocli.CommandLine;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// The command line: one subcommand for each writer of the registry, and the mapping of failures to
/// messages and exit codes.
final class UndockerCommandLine {
    private final CommandLine commandLine;
    private final Console console;

    UndockerCommandLine(ImageSources sources, WriterRegistry writers, Console console) {
        this.console = console;
        commandLine = new CommandLine(new UndockerCommand());
        ConversionRun run = new ConversionRun(sources, console);
        for (OutputWriter writer : writers.writers()) {
            commandLine.addSubcommand(writer.name(), WriterCommand.spec(writer, run));
        }
        commandLine.addSubcommand("convert", ConvertCommand.spec(writers.writers(), run));
        commandLine.setExpandAtFiles(false);
        commandLine.setOut(
                new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true));
        commandLine.setErr(new PrintWriter(console.error(), true));
        commandLine.setParameterExceptionHandler(this::wrongUsage);
        commandLine.setExecutionExceptionHandler(this::failed);
    }

    int execute(String... args) {
        return commandLine.execute(args);
    }

    private int wrongUsage(CommandLine.ParameterException failure, String[] args) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        console.line("undocker: " + firstLine(failure));
        console.line("hint: %s --help".formatted(command));
        return ExitCode.USAGE;
    }

    private static String firstLine(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        return message.lines().findFirst().orElse("wrong usage");
    }

    private int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        boolean verbose = parsed.hasMatchedOption("--verbose");
        if (isBrokenPipe(failure)) {
            return ExitCode.BROKEN_PIPE;
        }
        if (failure instanceof UndockerException known) {
            console.failure(known, verbose);
            return known.isUsage() ? ExitCode.USAGE : ExitCode.FAILED;
        }
        console.defect(failure, verbose);
        return ExitCode.FAILED;
    }

    private static boolean isBrokenPipe(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof IOException && "Broken pipe".equals(at.getMessage())) {
                return true;
            }
        }
        return false;
    }
}
