package dev.undocker.output.program;

import dev.undocker.Options;
import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;

/// How a file system is compressed: options.
public final class FileSystemCompression {
    /// One of the ways there are.
    ///
    /// @param word the user's and the program's
    /// @param lowestLevel with `highestLevel` the levels that the program takes; where both are
    ///   equal there are none
    public record Kind(String word, int lowestLevel, int highestLevel) {
        /// One without levels.
        public Kind(String word) {
            this(word, 0, 0);
        }

        private void check(int level) {
            if (lowestLevel == highestLevel) {
                throw UndockerException.usage(
                        "--level %d: %s has no levels".formatted(level, word));
            }
            if (level < lowestLevel || level > highestLevel) {
                throw UndockerException.usage(
                        "--level %d: %s takes %d to %d"
                                .formatted(level, word, lowestLevel, highestLevel));
            }
        }
    }

    private final List<Kind> kinds;
    private final String usualLevels;
    private String compress;
    private @Nullable Integer level;

    /// @param usual one of `kinds`
    /// @param usualLevels for the help
    public FileSystemCompression(List<Kind> kinds, String usual, String usualLevels) {
        this.kinds = List.copyOf(kinds);
        this.usualLevels = usualLevels;
        compress = usual;
    }

    /// Adds the options.
    public void declare(Options options) {
        options.text(
                "--compress",
                kinds.stream().map(Kind::word).collect(Collectors.joining("|")),
                "how it is compressed; %s by default".formatted(compress),
                word -> compress = word);
        options.number(
                "--level",
                "N",
                "compression level; by default " + usualLevels,
                number -> level = number);
    }

    /// @throws UndockerException when there is no such kind, or it has no such level
    public void validate() {
        Kind kind =
                kinds.stream()
                        .filter(known -> known.word().equals(compress))
                        .findFirst()
                        .orElseThrow(() ->
                                Spelling.refusal(
                                        "--compress " + compress,
                                        compress,
                                        kinds.stream().map(Kind::word).toList()));
        if (level != null) {
            kind.check(level);
        }
    }

    /// What was asked for, or is usual.
    public String word() {
        return compress;
    }

    /// Null for the program's usual one.
    public @Nullable Integer level() {
        return level;
    }
}
