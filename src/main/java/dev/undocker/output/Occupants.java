package dev.undocker.output;

import java.nio.file.Path;
import java.util.Optional;

final class Occupants {
    private Occupants() {}

    static Optional<String> of(Path tree) {
        return Optional.empty();
    }
}
