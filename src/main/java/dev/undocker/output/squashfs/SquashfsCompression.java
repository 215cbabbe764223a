package dev.undocker.output.squashfs;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How a squashfs is compressed; all that kernels read today, but lzo and lzma, which nobody needs
/// any more (`fs/squashfs/Kconfig`).
enum SquashfsCompression {
    GZIP(1, 9),
    LZ4(0, 0),
    XZ(0, 9),
    ZSTD(1, 22);

    private final int lowestLevel;
    private final int highestLevel;

    SquashfsCompression(int lowestLevel, int highestLevel) {
        this.lowestLevel = lowestLevel;
        this.highestLevel = highestLevel;
    }

    /// @throws UndockerException when there is no such word
    static SquashfsCompression parse(String word) {
        List<String> words = Arrays.stream(values()).map(SquashfsCompression::toString).toList();
        int index = words.indexOf(word);
        if (index < 0) {
            throw Spelling.refusal("--compress " + word, word, words);
        }
        return values()[index];
    }

    /// @throws UndockerException naming the range, if the level is outside; null never is
    void checkLevel(@Nullable Integer level) {
        if (level == null) {
            return;
        }
        if (highestLevel == 0) {
            throw UndockerException.usage("--level %d: %s has no levels".formatted(level, this));
        }
        if (level < lowestLevel || level > highestLevel) {
            throw UndockerException.usage(
                    "--level %d: %s takes %d to %d"
                            .formatted(level, this, lowestLevel, highestLevel));
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
