package dev.undocker.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownLineTest {
    @Test
    void oneLineOfVisibleCharacters() {
        assertThat(ShownLine.of("  RUN a &&\t\\\n    b \u001b[31m \n"))
                .isEqualTo("RUN a && \\\\ b \\x1b[31m");
    }

    @ParameterizedTest
    @CsvSource({
        "abcdef,     6, abcdef",
        "abcdef,     5, abcd…",
        "ab\\x1bcd,  8, ab\\x1bcd",
        "ab\\x1bcd,  7, ab\\x1b…",
        "ab\\x1bcd,  6, ab…",
        "ab\\x1bcd,  4, ab…",
        "ab\\x1bcd,  3, ab…",
        "ab\\x1bcd,  2, a…",
        "a\\\\\\\\x,  4, a\\\\…",
        "a\\\\\\\\x,  3, a…",
        "\\xe4\\xf6, 7, \\xe4…",
        "\\xe4\\xf6, 4, …",
        "😀😀😀😀,   8, 😀😀😀😀",
        "😀😀😀😀,   7, 😀😀😀…",
        "😀😀😀😀,   6, 😀😀…",
        "中文ファイル, 12, 中文ファイル",
        "中文ファイル, 11, 中文ファイ…",
        "e\u0301e\u0301,  2, e\u0301e\u0301",
        "äöü,        3, äöü"
    })
    void whatIsCutFitsAndEscapesAreWhole(String line, int columns, String shown) {
        assertThat(ShownLine.cut(line, columns)).isEqualTo(shown);
    }
}
