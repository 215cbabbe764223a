package dev.undocker.output.directory;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Names that a case-insensitive file system takes for one.
final class FoldedName {
    private FoldedName() {}

    /// The first of `names` that differs from `name` only in case or composition; null when there
    /// is none.
    static byte @Nullable [] find(List<byte[]> names, byte[] name) {
        String folded = fold(name);
        for (byte[] other : names) {
            if (!Arrays.equals(other, name) && fold(other).equals(folded)) {
                return other;
            }
        }
        return null;
    }

    private static String fold(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        return Normalizer.normalize(
                text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
    }
}
