package dev.undocker.cli;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What the user may have meant by a word that is not known.
final class Spelling {
    private Spelling() {}

    /// A sentence that offers the known words which differ from `word` in a third of its letters at
    /// most; empty when there is none.
    static Optional<String> hint(String word, Collection<String> known) {
        int most = Math.max(1, word.length() / 3);
        List<String> near =
                known.stream().filter(each -> distance(word, each) <= most).sorted().toList();
        return near.isEmpty()
                ? Optional.empty()
                : Optional.of("did you mean %s?".formatted(String.join(" or ", near)));
    }

    /// How many letters have to be added, removed or changed (Levenshtein).
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
