package dev.undocker.source;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where programs are looked for.
///
/// @param directories the environment's `PATH`; null when it has none
public record SearchPath(@Nullable String directories) {
    /// The first program of this name; null when it is not installed. As in Go, a relative
    /// directory does not count: its programs would be anyone's.
    public @Nullable Path find(String name) {
        String path = directories == null ? "" : directories;
        for (String directory : path.split(":", -1)) {
            if (directory.indexOf('\ufffd') >= 0) {
                // the locale cannot say which directory that is
                continue;
            }
            Path file = Path.of(directory, name);
            if (file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }
}
