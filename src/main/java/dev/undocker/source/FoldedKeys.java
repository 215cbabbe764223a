package dev.undocker.source;

import dev.undocker.Warnings;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Finds keys of one document that are written in another case than the specification's. Each such
/// spelling is named once.
final class FoldedKeys {
    private static final char LONG_S = '\u017f';
    private static final char KELVIN = '\u212a';

    private final String place;
    private final Warnings warnings;
    private final Set<String> said = new HashSet<>();

    /// @param place names the document
    FoldedKeys(String place, Warnings warnings) {
        this.place = place;
        this.warnings = warnings;
    }

    /// The value of the last key that is `wanted` but for case, as Go takes it; null when there is
    /// none.
    @Nullable Object find(String wanted, Map<?, ?> object) {
        String found = null;
        for (Object key : object.keySet()) {
            if (key instanceof String name && folds(name, wanted)) {
                found = name;
            }
        }
        if (found == null) {
            return null;
        }
        if (said.add(found)) {
            warnings.warn("%s: the key %s is read as %s".formatted(place, found, wanted));
        }
        return object.get(found);
    }

    /// Unicode's simple folding, where one of both is ASCII: more than case is equal there in `ſ`
    /// and the Kelvin sign alone. [String#equalsIgnoreCase] takes Turkish letters for an `i` too.
    private static boolean folds(String name, String ascii) {
        if (name.length() != ascii.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (fold(name.charAt(i)) != fold(ascii.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char fold(char letter) {
        return switch (letter) {
            case LONG_S -> 's';
            case KELVIN -> 'k';
            default -> letter >= 'A' && letter <= 'Z' ? (char) (letter + 'a' - 'A') : letter;
        };
    }
}
