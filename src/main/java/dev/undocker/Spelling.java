package dev.undocker;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What the user may have meant by a word that is not known.
public final class Spelling {
    private Spelling() {}

    /// The refusal of a word that is none of those that there are.
    ///
    /// @param place what begins the sentence, such as the option with the word
    public static UndockerException refusal(String place, String word, List<String> known) {
        UndockerException refusal =
                UndockerException.usage(
                        "%s: is not one of %s".formatted(place, String.join(", ", known)));
        return hint(word, known).map(refusal::withHint).orElse(refusal);
    }

    /// A sentence that offers what is [#near]; empty when nothing is.
    public static Optional<String> hint(String word, Collection<String> known) {
        return question(near(word, known));
    }

    /// The sentence that offers these.
    public static Optional<String> question(List<String> meant) {
        return meant.isEmpty()
                ? Optional.empty()
                : Optional.of("did you mean %s?".formatted(String.join(" or ", meant)));
    }

    /// The known words that begin with `word` and are not much longer, or else those that differ
    /// from it in a third of its letters at most; sorted.
    public static List<String> near(String word, Collection<String> known) {
        List<String> longer =
                known.stream().filter(each -> isBeginning(word, each)).sorted().toList();
        int most = word.length() / 3;
        return longer.isEmpty()
                ? known.stream()
                        .filter(each -> EditDistance.between(word, each) <= most)
                        .sorted()
                        .toList()
                : longer;
    }

    private static boolean isBeginning(String word, String whole) {
        return word.length() > 1 && whole.startsWith(word) && whole.length() <= 3 * word.length();
    }
}
