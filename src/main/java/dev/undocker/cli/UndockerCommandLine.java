package dev.undocker.cli;

import dev.undocker.ReaderGoneException;
import dev.undocker.UndockerException;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;

/// One command line, with the subcommands of the registry, and the mapping of failures to messages
/// and exit codes.
final class UndockerCommandLine {
    private final Console console;
    private final String[] args;
    private final CommandLine commandLine;
    private final StringWriter answer = new StringWriter();
    private int failureCode = ExitCode.FAILED;

    UndockerCommandLine(CommandRegistry commands, Console console, String... args) {
        this.console = console;
        this.args = args;
        this.commandLine = commandLine(commands.commands());
    }

    int execute() {
        try {
            int exitCode = commandLine.execute(args);
            console.answer(answer.toString());
            return exitCode;
        } catch (UndockerException | Error e) {
            // all that was opened is closed by now
            return failed(e, ReadingFlags.asksForTraces(List.of(args)));
        }
    }

    /// Only the subcommand that is asked for gets its options, to start fast.
    private CommandLine commandLine(List<Command> commands) {
        String asked = Stream.of(args).filter(arg -> !arg.startsWith("-")).findFirst().orElse("");
        for (Command command : commands) {
            if (command.name().equals(asked)) {
                failureCode = command.failureCode();
            }
        }
        CommandLine line = new CommandLine(UndockerCommand.spec(commands, asked, console));
        line.setExpandAtFiles(false);
        line.setHelpFactory(new HelpPage(Screen.OUTPUT));
        line.setOut(new PrintWriter(answer));
        line.setErr(new PrintWriter(console.error(), true));
        line.setParameterExceptionHandler(this::wrongUsage);
        line.setExecutionExceptionHandler(this::failed);
        return line;
    }

    private int wrongUsage(CommandLine.ParameterException failure, String[] args) {
        console.failure(WrongUsage.of(failure), false);
        return ExitCode.USAGE;
    }

    private int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        return failed(failure, command.getParseResult().hasMatchedOption(ReadingFlags.VERBOSE));
    }

    private int failed(Throwable failure, boolean verbose) {
        switch (failure) {
            case ReaderGoneException gone -> {
                return ExitCode.BROKEN_PIPE;
            }
            case UndockerException known -> {
                console.failure(known, verbose);
                return known.isUsage() ? ExitCode.USAGE : failureCode;
            }
            default -> {
                OutOfMemoryError full = LastWords.outOfMemory(failure);
                if (full == null) {
                    console.defect(failure, verbose);
                } else {
                    console.failure(
                            new UndockerException(
                                    "out of memory: " + full.getMessage(),
                                    Machine.moreMemory(),
                                    failure),
                            verbose);
                }
            }
        }
        return failureCode;
    }
}
