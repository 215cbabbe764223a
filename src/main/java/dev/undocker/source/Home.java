package dev.undocker.source;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.function.Function;

/// Where the user's own files are.
public final class Home {
    private Home() {}

    /// `HOME`, else what the user database says.
    public static Path of(Function<String, @Nullable String> environment) {
        String named = environment.apply("HOME");
        return Path.of(named == null || named.isEmpty() ? System.getProperty("user.home") : named);
    }
}
