package dev.undocker.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A library that lets one call of a process' libc go wrong: the Nth of those that touch the
/// directory `root/N`, for each N. Its source, `faults.c`, says what there is to choose.
///
/// @param library to be loaded with `LD_PRELOAD`
/// @param root holds the places
/// @param log gets a line `PLACE CALL NAME` for each call that went wrong
public record Faults(Path library, Path root, Path log) {
    /// What goes wrong. The errors are Linux' own numbers (`errno-base.h`, `errno.h`).
    public enum Kind {
        EIO("once", 5),
        EACCES("once", 13),
        EMFILE("once", 24),
        EFBIG("once", 27),
        ENOSPC("once", 28),
        EROFS("once", 30),
        EDQUOT("once", 122),
        /// Half of the bytes are written.
        SHORT("short", 0),
        /// Nothing happens on the disk from then on, as after SIGKILL.
        DEATH("from", 5),
        /// SIGKILL.
        KILL("kill", 0),
        /// Nothing goes wrong, and all calls are in the log.
        COUNT("count", 0);

        private final String mode;
        private final int error;

        Kind(String mode, int error) {
            this.mode = mode;
            this.error = error;
        }
    }

    /// Builds the library.
    ///
    /// @param directory where it goes, and the places
    public static Faults in(Path directory) throws IOException, InterruptedException {
        Path source = directory.resolve("faults.c");
        try (InputStream text = Faults.class.getResourceAsStream("faults.c")) {
            Files.write(source, Objects.requireNonNull(text).readAllBytes());
        }
        Path library = directory.resolve("faults.so");
        Undocker.program(
                        Requirements.tool("gcc"),
                        List.of("-shared", "-fPIC", "-O1", "-o", library, source).toArray())
                .succeed();
        return new Faults(
                library,
                Files.createDirectory(directory.resolve("places")),
                Files.createFile(directory.resolve("faults.log")));
    }

    /// The place whose `number`th call goes wrong; to be made by the caller.
    public Path place(int number) {
        return root.resolve(String.valueOf(number));
    }

    /// True when the call of this number has been made, the last one in the log.
    public boolean happened(int number) throws IOException {
        return last().startsWith(number + " ");
    }

    /// Which call went wrong last: its place, its number and its name.
    public String last() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "" : lines.getLast();
    }

    public Map<String, String> environment(Kind kind) {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAULTS_ROOT", root.toString(),
                "FAULTS_LOG", log.toString(),
                "FAULTS_MODE", kind.mode,
                "FAULTS_ERROR", String.valueOf(kind.error));
    }
}
