package dev.undocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

class PathPoolTest {
    private final PathPool pool = new PathPool();

    private RootfsPath read(String name) {
        return pool.of(name.getBytes(ISO_8859_1));
    }

    /// What keeps memory from growing with the length of paths.
    @Test
    void pathsShareTheirDirectories() {
        RootfsPath one = read("usr/lib/one");
        RootfsPath other = read("var/lib/x");
        assertThat(read("usr/lib/two").parent()).isSameAs(one.parent());
        assertThat(read("./usr//lib/three").parent()).isSameAs(one.parent());
        assertThat(read("var/../usr/lib/")).isSameAs(one.parent());
        assertThat(read("var/lib/y").parent()).isSameAs(other.parent());
        assertThat(one.parent()).isNotEqualTo(other.parent());
    }

    @Test
    void aDirectoryOfItsOwnIsTheOneThatItsChildrenHave() {
        RootfsPath directory = read("a/b/");
        assertThat(read("a/b/c").parent()).isSameAs(directory).isEqualTo(read("a/b"));
    }

    /// Each name begins like the last one somehow, and ends as it likes.
    @Test
    void whatCameBeforeDoesNotMatter() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder("a/");
            for (int j = random.nextInt(9); j > 0; j--) {
                name.append("ab/.".charAt(random.nextInt(4)));
            }
            RootfsPath alone;
            try {
                alone = RootfsPath.of(name.toString());
            } catch (UndockerException e) {
                assertThatThrownBy(() -> read(name.toString())).hasMessage(e.getMessage());
                continue;
            }
            RootfsPath pooled = read(name.toString());
            assertThat(pooled).as(name.toString()).isEqualTo(alone).hasSameHashCodeAs(alone);
            assertThat(pooled.toBytes()).isEqualTo(alone.toBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "a/../../b", "a\0b", "a/b\0"})
    void refusesWhatAPathRefuses(String name) {
        assertThatThrownBy(() -> read(name)).isInstanceOf(UndockerException.class);
        assertThat(read("a/b")).isEqualTo(RootfsPath.of("a/b"));
    }
}
