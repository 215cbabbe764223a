package dev.undocker.codec;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/// Whether a library of this machine does Java's work: the environment variable
/// `UNDOCKER_LIBRARIES`.
enum LibraryChoice {
    /// Where it is worth its cost.
    AUTOMATIC,
    /// Never.
    JAVA,
    /// Always.
    SYSTEM;

    /// What the user of this run said.
    static LibraryChoice ofRun() {
        return switch (System.getenv("UNDOCKER_LIBRARIES")) {
            case "java" -> JAVA;
            case "system" -> SYSTEM;
            case null, default -> AUTOMATIC;
        };
    }

    /// @param installed gives null where the library is not there
    /// @param worth whether it is worth its cost
    /// @return null where Java shall do the work
    /// @throws UndockerException when the library is forced and not there
    <T> @Nullable T take(String soname, Supplier<@Nullable T> installed, boolean worth) {
        return switch (this) {
            case JAVA -> null;
            case AUTOMATIC -> worth ? installed.get() : null;
            case SYSTEM -> {
                T forced = installed.get();
                if (forced == null) {
                    throw new UndockerException(
                            "UNDOCKER_LIBRARIES=system: %s is missing".formatted(soname));
                }
                yield forced;
            }
        };
    }
}
