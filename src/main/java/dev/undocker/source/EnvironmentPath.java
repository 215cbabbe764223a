package dev.undocker.source;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.function.Function;

/// A variable of the environment that holds a path.
public final class EnvironmentPath {
    private EnvironmentPath() {}

    /// @param environment the value of a variable; null when it is not set
    /// @return null for a variable that is not set, or is empty, which counts as that
    /// @throws UndockerException when the locale cannot say what the value is: the Java runtime
    ///   puts U+FFFD in place of bytes that it cannot decode, which is another path
    public static @Nullable Path of(
            Function<String, @Nullable String> environment, String variable) {
        String value = environment.apply(variable);
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (value.indexOf('\ufffd') >= 0) {
            throw new UndockerException(
                    "%s: its encoding is not that of the locale".formatted(variable),
                    "set LC_ALL to a locale that has it, such as C.UTF-8",
                    null);
        }
        return Path.of(value);
    }
}
