package dev.undocker.source;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.function.Function;

/// Where the user's own files are.
public final class Home {
    private Home() {}

    /// In which there is nothing, and nothing can be made.
    private static final Path NOWHERE = Path.of("/proc/self/home");

    /// `HOME`, else what the user database says. A user whom it does not know has nothing.
    public static Path of(Function<String, @Nullable String> environment) {
        Path named = EnvironmentPath.of(environment, "HOME");
        if (named != null && named.isAbsolute()) {
            return named;
        }
        // "?" where there is no entry
        Path known = Path.of(System.getProperty("user.home"));
        return known.isAbsolute() ? known : NOWHERE;
    }
}
