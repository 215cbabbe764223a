package dev.undocker.codec;

import dev.undocker.UndockerException;
import dev.undocker.linux.SharedLibrary;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/// A library of this machine that does Java's work where it is worth its cost. Thread-safe.
///
/// The environment variable `UNDOCKER_LIBRARIES` forces a choice: `java` leaves it alone, `system`
/// takes it whatever it costs.
///
/// @param <T> its functions
final class InstalledLibrary<T> {
    private final String soname;
    private final Function<SharedLibrary, @Nullable T> link;
    private @Nullable T linked;
    private boolean sought;

    /// @param link gives null for a library that does not do what is expected of it
    InstalledLibrary(String soname, Function<SharedLibrary, @Nullable T> link) {
        this.soname = soname;
        this.link = link;
    }

    /// @return null where Java shall do the work: the library is not worth it, not wanted, or not
    ///   there
    /// @throws UndockerException when it is forced and not there
    @Nullable T where(boolean worth) {
        return switch (System.getenv("UNDOCKER_LIBRARIES")) {
            case "java" -> null;
            case "system" -> {
                T forced = get();
                if (forced == null) {
                    throw new UndockerException(
                            "UNDOCKER_LIBRARIES=system: %s is missing".formatted(soname));
                }
                yield forced;
            }
            case null, default -> worth ? get() : null;
        };
    }

    /// The library, linked once; null where it is not installed, or another than is expected.
    synchronized @Nullable T get() {
        if (!sought) {
            sought = true;
            SharedLibrary library = SharedLibrary.find(soname);
            linked = library == null ? null : link.apply(library);
        }
        return linked;
    }
}
