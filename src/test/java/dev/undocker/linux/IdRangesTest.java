package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class IdRangesTest {
    @Test
    void firstNamespaceHasEveryId() {
        IdRanges first = IdRanges.mapped(List.of("         0          0 4294967295"));
        assertThat(first.isAll()).isTrue();
        assertThat(first.cover(4_294_967_294L, 1)).isTrue();
    }

    @Test
    void idsOfANamespaceAreThoseInsideIt() {
        IdRanges some = IdRanges.mapped(List.of("0 1000 1", "1 100000 65536"));
        assertThat(some.isAll()).isFalse();
        assertThat(some.cover(0, 65537)).isTrue();
        assertThat(some.cover(0, 65538)).isFalse();
        assertThat(some.cover(100_000, 1)).isFalse();
    }

    @Test
    void onlyRootsLinesCount() {
        IdRanges granted =
                IdRanges.granted(
                        List.of(
                                "me:100000:65536",
                                "root:200000:100",
                                "0:200100:100",
                                "root:x:1",
                                "",
                                "# root:300000:1"));
        assertThat(granted.cover(200_000, 200)).isTrue();
        assertThat(granted.cover(200_000, 201)).isFalse();
        assertThat(granted.cover(199_999, 2)).isFalse();
        assertThat(granted.cover(100_000, 1)).isFalse();
    }
}
