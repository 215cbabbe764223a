package dev.undocker.output.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.linux.IdKind;
import dev.undocker.linux.IdRanges;
import dev.undocker.output.directory.IdMap;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class SubordinateIdsTest {
    private static List<String> warnings(String map, IdRanges.Range... granted) {
        List<String> warnings = new ArrayList<>();
        SubordinateIds.check(
                IdMap.parse("--gid-map", List.of(map)),
                IdKind.GROUP,
                new IdRanges(List.of(granted)),
                warnings::add);
        return warnings;
    }

    @Test
    void lineToAddIsSaid() {
        assertThat(warnings("0:100000:65536"))
                .singleElement()
                .asString()
                .startsWith("/etc/subgid: ")
                .endsWith("add the line root:100000:65536");
        assertThat(warnings("0:100000:65536", new IdRanges.Range(100_000, 65_535))).hasSize(1);
    }

    @Test
    void whatRootHasIsNotSaid() {
        assertThat(warnings("0:100000:65536", new IdRanges.Range(99_999, 65_537))).isEmpty();
        assertThat(warnings("5:0:1")).isEmpty();
    }
}
