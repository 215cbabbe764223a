package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory that can be opened and then not read, as on a disk that fails: what of the network
/// is shown of a process that has ended and whose parent does not care (`/proc/PID/net` of a
/// zombie).
///
/// @param path the directory; reading it fails with `EINVAL`
/// @param parent the process that keeps it
public record FailingDirectory(Path path, Process parent) implements Closeable {
    /// The child ends when its parent is no shell any more, which would collect it. Both have let
    /// go of standard output then.
    private static final String SCRIPT =
            "(until grep -q sleep /proc/$$/comm; do :; done) & echo $!; exec sleep 600 >&-";

    public static FailingDirectory open() throws IOException {
        Process parent = new ProcessBuilder("/bin/sh", "-c", SCRIPT).start();
        String child = new String(parent.getInputStream().readAllBytes(), US_ASCII).strip();
        Path process = Path.of("/proc", child);
        while (!Files.readString(process.resolve("stat")).contains(") Z ")) {
            Thread.onSpinWait();
        }
        return new FailingDirectory(process.resolve("net"), parent);
    }

    @Override
    public void close() {
        parent.destroy();
    }
}
