package dev.undocker.cli;

import dev.undocker.EditDistance;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What the user may have meant by a word that is not known.
final class Spelling {
    private Spelling() {}

    /// A sentence that offers the known words which differ from `word` in a third of its letters at
    /// most; empty when there is none.
    static Optional<String> hint(String word, Collection<String> known) {
        List<String> near =
                known.stream().filter(each -> EditDistance.isNear(word, each)).sorted().toList();
        return near.isEmpty()
                ? Optional.empty()
                : Optional.of("did you mean %s?".formatted(String.join(" or ", near)));
    }
}
