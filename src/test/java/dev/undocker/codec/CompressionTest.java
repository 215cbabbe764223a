package dev.undocker.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

class CompressionTest {
    @ParameterizedTest
    @CsvSource({
        "1f8b08000000, GZIP",
        "1f8b07000000, NONE",
        "1f8b, NONE",
        "28b52ffd0458, ZSTD",
        "28b52ffd, ZSTD",
        "502a4d180000, ZSTD",
        "5f2a4d180000, ZSTD",
        "602a4d180000, NONE",
        "fd377a585a00, XZ",
        "fd377a585a, NONE",
        "425a68393141, BZIP2",
        "425a68311772, BZIP2",
        "425a68396172, NONE",
        "425a68303141, NONE",
        "7573722f6269, NONE",
        "'', NONE",
    })
    void isToldByTheFirstBytes(String head, Compression compression) {
        byte[] bytes = HexFormat.of().parseHex(head);
        assertThat(Compression.sniff(bytes, bytes.length)).isEqualTo(compression);
    }

    @Test
    void looksAtTheValidBytesOnly() {
        byte[] head = HexFormat.of().parseHex("1f8b08000000");
        assertThat(Compression.sniff(head, 2)).isEqualTo(Compression.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "a.tar, NONE",
        "a.tar.gz, GZIP",
        "a.tgz, GZIP",
        "a.tar.xz, XZ",
        "a.txz, XZ",
        "a.tar.zst, ZSTD",
        "a.tzst, ZSTD",
        "A.TAR.GZ, GZIP",
        "a.gz,",
        "tar,",
        "a.tar.bz2,",
    })
    void isChosenByTheSuffix(String name, Compression compression) {
        assertThat(Compression.ofSuffix(name)).isEqualTo(compression);
    }

    @ParameterizedTest
    @CsvSource({"none, NONE", "gzip, GZIP", "xz, XZ", "zstd, ZSTD"})
    void isChosenByWord(String word, Compression compression) {
        assertThat(Compression.parse(word)).isEqualTo(compression);
        assertThat(compression).hasToString(word);
    }

    @ParameterizedTest
    @CsvSource({"bzip2", "GZIP", "gz", "''"})
    void refusesOtherWords(String word) {
        assertThatThrownBy(() -> Compression.parse(word))
                .isInstanceOf(UndockerException.class)
                .hasMessage("--compress %s: is not one of none, gzip, xz, zstd", word);
    }

    @ParameterizedTest
    @CsvSource({"GZIP, 0, 1, 9", "GZIP, 10, 1, 9", "XZ, -1, 0, 9", "ZSTD, 23, 1, 22"})
    void refusesLevelsOutOfRange(Compression compression, int level, int lowest, int highest) {
        assertThatThrownBy(() -> compression.checkLevel(level))
                .isInstanceOf(UndockerException.class)
                .hasMessage("--level %d: %s takes %d to %d", level, compression, lowest, highest);
        assertThatCode(
                        () -> {
                            compression.checkLevel(lowest);
                            compression.checkLevel(highest);
                            compression.checkLevel(null);
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void refusesALevelWithoutCompression() {
        assertThatThrownBy(() -> Compression.NONE.checkLevel(1))
                .isInstanceOf(UndockerException.class);
        assertThatCode(() -> Compression.NONE.checkLevel(null)).doesNotThrowAnyException();
    }
}
