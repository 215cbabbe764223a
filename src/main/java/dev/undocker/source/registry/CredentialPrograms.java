package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.source.SearchPath;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/// The credential helpers that are installed.
///
/// @param searchPath the environment's `PATH`; null when it has none
/// @param warnings hears what is odd about their answers
record CredentialPrograms(@Nullable String searchPath, Warnings warnings) {
    private static final String PREFIX = "docker-credential-";

    /// The program may have to ask the user first.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Never a path. The dot is for `desktop.exe`, as Docker Desktop has it in Linux on Windows.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

    /// The program that a file calls `name`.
    ///
    /// @param place names in messages where the name stands
    /// @return null when it is not installed
    /// @throws UndockerException when no program can have this name
    @Nullable CredentialProgram find(String place, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new UndockerException(
                    "%s: %s: not the name of a credential helper".formatted(place, name));
        }
        Path file = new SearchPath(searchPath).find(PREFIX + name);
        return file == null ? null : new CredentialProgram(file, PATIENCE, warnings);
    }

    /// The same for a program without which nobody knows who the user is.
    ///
    /// @throws UndockerException when it is not installed, too
    CredentialProgram require(String place, String name) {
        CredentialProgram program = find(place, name);
        if (program == null) {
            throw new UndockerException(missing(place, name))
                    .withHint("install it, or say --creds USER:PASSWORD");
        }
        return program;
    }

    static String missing(String place, String name) {
        return "%s: %s%s is not installed".formatted(place, PREFIX, name);
    }
}
