package dev.undocker.output.lxc;

import dev.undocker.ProgramStart;
import dev.undocker.output.program.Program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The LXC of this machine.
final class InstalledLxc {
    private static final Program START = new Program("lxc-start", "lxc");
    private static final int PATIENCE_SECONDS = 5;
    private static final int MOST_BYTES = 100;

    private InstalledLxc() {}

    /// What `lxc-start --version` prints; empty where it is not installed, fails, or prints
    /// something else: the user asked for a container, not for LXC.
    ///
    /// @throws dev.undocker.UndockerException when too few files can be opened to ask it
    static Optional<String> version() {
        return START.find().flatMap(InstalledLxc::version);
    }

    private static Optional<String> version(Path program) {
        try {
            Process process =
                    ProgramStart.of(
                            START.name(),
                            new ProcessBuilder(program.toString(), "--version")
                                    .redirectInput(
                                            ProcessBuilder.Redirect.from(
                                                    Path.of("/dev/null").toFile()))
                                    .redirectError(ProcessBuilder.Redirect.DISCARD));
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        || process.exitValue() != 0) {
                    return Optional.empty();
                }
                byte[] printed = process.getInputStream().readNBytes(MOST_BYTES);
                String text = new String(printed, StandardCharsets.US_ASCII).strip();
                return Optional.of(text).filter(found -> found.matches("[0-9]+\\.[!-~]+"));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
