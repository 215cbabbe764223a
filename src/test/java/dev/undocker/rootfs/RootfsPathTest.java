package dev.undocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class RootfsPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/a/b", "./a/b", "a//b/", "a/./b/.", "c/../a/b", "a/b/c/.."})
    void everySpellingIsOnePath(String name) {
        RootfsPath path = RootfsPath.of(name);
        RootfsPath plain = RootfsPath.of("a").resolve("b".getBytes(ISO_8859_1));
        assertThat(path).isEqualTo(plain).hasSameHashCodeAs(plain).isEqualByComparingTo(plain);
        assertThat(path.toBytes()).isEqualTo("a/b".getBytes(ISO_8859_1)).hasSize(path.length());
        assertThat(path.name()).isEqualTo("b".getBytes(ISO_8859_1));
        assertThat(path.parent()).isEqualTo(RootfsPath.of("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", ".", "./", "a/.."})
    void theRootHasNoName(String name) {
        RootfsPath path = RootfsPath.of(name);
        assertThat(path.isRoot()).isTrue();
        assertThat(path).isEqualTo(RootfsPath.ROOT);
        assertThat(path.parent()).isNull();
        assertThat(path.toBytes()).isEmpty();
        assertThat(path).hasToString("/");
    }

    @Test
    void namesThatLookAlikeDiffer() {
        assertThat(RootfsPath.of("a/b"))
                .isNotEqualTo(RootfsPath.of("ab"))
                .isNotEqualTo(RootfsPath.of("b"))
                .isNotEqualTo(RootfsPath.of("a/b/b"))
                .isNotEqualTo(RootfsPath.ROOT);
    }

    /// The slash counts as any other byte.
    @Test
    void orderIsThatOfTheBytes() {
        assertThat(RootfsPath.of("a-b")).isLessThan(RootfsPath.of("a/b"));
        assertThat(RootfsPath.of("a/b")).isLessThan(RootfsPath.of("a0"));
        assertThat(RootfsPath.of("a")).isLessThan(RootfsPath.of("a/b"));
        assertThat(RootfsPath.of("z")).isLessThan(RootfsPath.of(new byte[] {(byte) 0xff}));
    }

    @ParameterizedTest
    @CsvSource({"..,/", "../..,/", "../x,x", "../../../x/../y,y", "b/../../..,/", "c,a/c"})
    void staysInsideWhereAProcessWould(String further, String expected) {
        assertThat(RootfsPath.of("a").resolveInside(further.getBytes(ISO_8859_1)))
                .hasToString(expected);
    }

    @Test
    void lengthHasALimit() {
        String longest = "a/".repeat(RootfsPath.MAX_LENGTH / 2 - 1) + "ab";
        assertThat(RootfsPath.of(longest).length()).isEqualTo(RootfsPath.MAX_LENGTH);
        assertThatThrownBy(() -> RootfsPath.of(longest + "c"))
                .isInstanceOf(UndockerException.class)
                .hasMessageStartingWith("name of 16385 bytes is too long: a/a/a/");
        RootfsPath path = RootfsPath.of(longest);
        assertThatThrownBy(() -> path.resolve("c".getBytes(ISO_8859_1)))
                .isInstanceOf(UndockerException.class);
        assertThatThrownBy(() -> RootfsPath.of("c").in(path)).isInstanceOf(UndockerException.class);
        assertThat(path.resolveInside("c".getBytes(ISO_8859_1))).isNull();
    }

    @Test
    void movesIntoAnotherDirectory() {
        RootfsPath path = RootfsPath.of("a/b/c");
        assertThat(path.in(RootfsPath.of("d"))).isEqualTo(RootfsPath.of("d/c"));
        assertThat(path.in(RootfsPath.ROOT)).isEqualTo(RootfsPath.of("c"));
    }

    @Test
    void placesAreComparedNameByName() {
        RootfsPath directory = RootfsPath.of("a/b");
        assertThat(RootfsPath.of("a/b/c/d").startsWith(directory)).isTrue();
        assertThat(RootfsPath.of("a/b/c/d").isBelow(directory)).isTrue();
        assertThat(directory.startsWith(directory)).isTrue();
        assertThat(directory.isBelow(directory)).isFalse();
        for (String other : List.of("", "a", "a/bc", "a/bc/d", "b/b", "xa/b/c")) {
            assertThat(RootfsPath.of(other).startsWith(directory)).as(other).isFalse();
            assertThat(RootfsPath.of(other).isBelow(directory)).as(other).isFalse();
        }
        assertThat(directory.startsWith(RootfsPath.ROOT)).isTrue();
        assertThat(directory.isBelow(RootfsPath.ROOT)).isTrue();
        assertThat(RootfsPath.ROOT.startsWith(RootfsPath.ROOT)).isTrue();
        assertThat(RootfsPath.ROOT.isBelow(RootfsPath.ROOT)).isFalse();
    }
}
