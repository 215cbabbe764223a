package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// The built program as a user starts it: `target/undocker/bin/undocker`, for tests that run after
/// the `package` phase. Immutable: each method that changes something returns a new value.
///
/// ```java
/// Undocker.Result result = Undocker.command("rootfs", image, "-").in(directory).run();
/// ```
public record Undocker(
        List<String> command,
        @Nullable Path directory,
        Map<String, String> environment,
        @Nullable Path input) {

    /// How long any run may take before it is killed and the test fails.
    private static final long LIMIT_SECONDS = 300;

    /// What a run left: its exit code, standard output as bytes, standard error as text.
    public record Result(int exitCode, byte[] output, String errors) {
        public String text() {
            return new String(output, UTF_8);
        }
    }

    /// The folder of the distribution.
    public static Path home() {
        return Path.of("target", "undocker").toAbsolutePath();
    }

    /// The launcher inside the distribution.
    public static Path launcher() {
        return home().resolve("bin").resolve("undocker");
    }

    /// Whether the distribution holds a native executable, and not a launcher with a jar.
    public static boolean isNative() {
        return !Files.isDirectory(home().resolve("lib"));
    }

    /// The built program with these arguments; paths may be given as they are.
    public static Undocker command(Object... arguments) {
        return program(launcher(), arguments);
    }

    /// Another program, or another way to the launcher, run in the same manner.
    public static Undocker program(Path program, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new Undocker(List.copyOf(command), null, Map.of(), null);
    }

    /// Runs in this directory instead of the test's own.
    public Undocker in(Path workingDirectory) {
        return new Undocker(command, workingDirectory, environment, input);
    }

    /// Sets one variable beside the inherited ones; an empty value removes it.
    public Undocker with(String variable, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new Undocker(command, directory, Map.copyOf(more), input);
    }

    /// Reads standard input from this file; without it standard input is empty.
    public Undocker reading(Path file) {
        return new Undocker(command, directory, environment, file);
    }

    /// Starts the program and leaves it to the caller, who wants to signal it or to close its
    /// pipes.
    public Process start() throws IOException {
        return builder().start();
    }

    /// Runs the program to its end.
    public Result run() throws IOException, InterruptedException {
        Path output = Files.createTempFile("undocker-output", ".bin");
        Path errors = Files.createTempFile("undocker-errors", ".txt");
        try {
            Process process =
                    builder()
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile())
                            .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "ran longer than %d s: %s%n%s"
                                .formatted(LIMIT_SECONDS, command, Files.readString(errors)));
            }
            return new Result(
                    process.exitValue(),
                    Files.readAllBytes(output),
                    new String(Files.readAllBytes(errors), UTF_8));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /// Runs the program to its end, which has to be exit code 0.
    public Result succeed() throws IOException, InterruptedException {
        Result result = run();
        if (result.exitCode() != 0) {
            throw new AssertionError(
                    "%s: exit code %d: %s".formatted(command, result.exitCode(), result.errors()));
        }
        return result;
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(input != null ? input.toFile() : new File("/dev/null"));
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        return builder;
    }
}
