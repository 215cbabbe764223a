package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class IdMapTest {
    @Test
    void numbersStandForThemselvesWithoutARange() {
        assertThat(IdMap.parse("--uid-map", List.of()).host(4_294_967_294L, "f")).isEqualTo(-2);
    }

    @Test
    void rangesShift() {
        IdMap map = IdMap.parse("--uid-map", List.of("0:100000:1000", "1000:0:1"));
        assertThat(map.host(999, "f")).isEqualTo(100_999);
        assertThat(map.host(1000, "f")).isZero();
        assertThatThrownBy(() -> map.host(1001, "etc/x"))
                .isInstanceOf(UndockerException.class)
                .hasMessage("etc/x: id 1001 is outside every --uid-map");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "0:0", "0:0:0", "-1:0:1", "0:x:1", "0:0:1:1", "0:4294967295:1"})
    void malformedRanges(String text) {
        assertThatThrownBy(() -> IdMap.parse("--gid-map", List.of(text)))
                .isInstanceOf(UndockerException.class)
                .hasMessageStartingWith("--gid-map " + text);
    }

    @Test
    void overlappingRanges() {
        assertThatThrownBy(() -> IdMap.parse("--uid-map", List.of("0:10:5", "4:100:5")))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("overlaps");
    }
}
