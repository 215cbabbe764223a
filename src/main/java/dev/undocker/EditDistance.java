package dev.undocker;

/// How far a word is from another.
public final class EditDistance {
    private EditDistance() {}

    /// How many letters have to be added, removed or changed (Levenshtein).
    public static int between(String from, String to) {
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

    /// True when a third of the letters of `word` are other ones at most.
    public static boolean isNear(String word, String other) {
        int most = Math.max(1, word.length() / 3);
        return Math.abs(word.length() - other.length()) <= most && between(word, other) <= most;
    }
}
