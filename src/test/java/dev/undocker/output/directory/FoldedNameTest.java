package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class FoldedNameTest {
    @Test
    void findsTheNameThatDiffersInCaseOrComposition() {
        List<byte[]> names = List.of(b("x"), b("makefile"), b("MAKEFILE"), b("e\u0301"));
        assertThat(FoldedName.find(names, b("Makefile"))).isEqualTo(b("makefile"));
        assertThat(FoldedName.find(names, b("\u00c9"))).isEqualTo(b("e\u0301"));
        assertThat(FoldedName.find(names, b("x"))).isNull();
    }

    private static byte[] b(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
