package dev.undocker.cli;

import dev.undocker.testing.Undocker;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A process that runs one command line after the other, as [CommandLineRun] does: faster by far
/// than a process for each, and it may be started with an environment of its own.
record CommandLineServer(Process process, BufferedReader answers) implements Closeable {
    static CommandLineServer start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-XX:+UseSerialGC",
                                // two of them would fill the machine's memory with garbage
                                "-Xmx512m",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-UsePerfData",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CommandLineServer.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new CommandLineServer(process, process.inputReader());
    }

    /// Runs a command line, of words without blanks.
    ///
    /// @throws AssertionError when the process ended
    Undocker.Result run(Object... arguments) throws IOException {
        String line = Stream.of(arguments).map(Object::toString).collect(Collectors.joining(" "));
        String code;
        String errors;
        try {
            process.outputWriter().write(line + "\n");
            process.outputWriter().flush();
            code = answers.readLine();
            errors = answers.readLine();
        } catch (IOException e) {
            throw new AssertionError("the process had ended before: " + line, e);
        }
        if (errors == null) {
            throw new AssertionError("the process ended during: " + line);
        }
        return new Undocker.Result(Integer.parseInt(code), new byte[0], errors.translateEscapes());
    }

    /// The process itself: reads a command line a line, and answers with two: the exit code and
    /// standard error.
    public static void main(String... none) throws IOException {
        PrintStream answers = System.out;
        try (BufferedReader lines = new BufferedReader(new java.io.InputStreamReader(System.in))) {
            lines.lines()
                    .forEach(line -> {
                        Undocker.Result result =
                                CommandLineRun.with(
                                        EveryWriter.WRITERS, (Object[]) line.split(" "));
                        answers.println(result.exitCode());
                        answers.println(result.errors().replace("\\", "\\\\").replace("\n", "\\n"));
                        answers.flush();
                    });
        }
    }

    @Override
    public void close() {
        try {
            process.outputWriter().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
