package dev.undocker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileReferenceTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-none-",
            value = {
                "docker-archive, a.tar, a.tar, -none-",
                "docker-archive, a.tar:busybox:latest, a.tar, busybox:latest",
                "docker-archive, -:@1, -, @1",
                "oci, dir:1, dir, 1",
                "oci-archive, /a/b.tar:x, /a/b.tar, x",
                "'', ./oci:x, ./oci:x, -none-",
                "'', C:x.tar, C:x.tar, -none-",
            })
    void aPathAndWhatFollowsItsColon(
            String transport, String rest, String location, String selector) {
        FileReference parsed = FileReference.parse(transport, rest);
        assertThat(parsed).isEqualTo(new FileReference(transport, location, selector));
        assertThat(parsed).hasToString(transport.isEmpty() ? rest : transport + ":" + rest);
    }

    @Test
    void standardInputIsNoFile() {
        assertThat(FileReference.parse("oci-archive", "-:x").file()).isNull();
        assertThat(FileReference.parse("", "./-").file()).hasToString("./-");
    }

    @ParameterizedTest
    @CsvSource({"oci, ''", "oci, :x", "docker-archive, a:"})
    void incomplete(String transport, String rest) {
        assertThatThrownBy(() -> FileReference.parse(transport, rest))
                .isInstanceOf(UndockerException.class)
                .hasMessage("%s:%s: no image".formatted(transport, rest));
    }
}
