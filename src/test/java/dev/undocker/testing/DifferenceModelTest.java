package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.diff.Difference;
import dev.undocker.query.diff.DifferenceJson;
import dev.undocker.query.diff.DifferenceText;
import dev.undocker.query.diff.TreeComparison;
import dev.undocker.rootfs.RootfsPath;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Thousands of pairs of random layer stacks: they differ at the paths at which what [Oracle] makes
/// of them does.
class DifferenceModelTest {
    private static final int PAIRS_A_BLOCK = 1000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void differencesAndOracleAgree(int block) throws IOException {
        int meaningful = 0;
        for (long seed = (long) block * PAIRS_A_BLOCK;
                seed < (block + 1L) * PAIRS_A_BLOCK;
                seed++) {
            List<LayerBuilder> layers = LayerStacks.of(seed);
            // in turn: another image, and one that has grown
            List<LayerBuilder> others =
                    seed % 2 == 0 ? LayerStacks.of(seed + 1) : grown(layers, seed);
            try {
                compare(seed, layers, others);
                meaningful++;
            } catch (Oracle.Refused | Oracle.Unspecified e) {
                // tested elsewhere
            }
        }
        assertThat(meaningful).isGreaterThan(PAIRS_A_BLOCK / 3);
    }

    private static List<LayerBuilder> grown(List<LayerBuilder> layers, long seed) {
        List<LayerBuilder> grown = new ArrayList<>(layers);
        grown.add(LayerStacks.of(seed + 1).getFirst());
        return grown;
    }

    private static void compare(long seed, List<LayerBuilder> layers, List<LayerBuilder> others)
            throws IOException {
        Listing before = Oracle.flatten(layers);
        Listing after = Oracle.flatten(others);
        try (Flatten one = Flatten.of(layers);
                Flatten other = Flatten.of(others);
                Flatten packed = Flatten.ofGzip(layers)) {
            for (boolean times : new boolean[] {false, true}) {
                List<Difference> differences =
                        differences(one.rootfs().tree(), other.rootfs().tree(), times);
                assertThat(differences.stream().map(Difference::path))
                        .as("seed %d, times %s", seed, times)
                        .containsExactlyElementsOf(before.differences(after, times));
                checkWords(seed, differences);
            }
            assertThat(differences(one.rootfs().tree(), packed.rootfs().tree(), true))
                    .as("the same, packed, seed %d", seed)
                    .isEmpty();
        }
    }

    private static List<Difference> differences(
            MergedRootfs before, MergedRootfs after, boolean times) {
        return TreeComparison.of(before, after, times, warning -> {});
    }

    /// Each path has its line, or is counted with the directory that it came or went with.
    private static void checkWords(long seed, List<Difference> differences) throws IOException {
        List<RootfsPath> paths = differences.stream().map(Difference::path).toList();
        assertThat(DifferenceText.of(differences, true).lines())
                .as("seed %d", seed)
                .hasSameSizeAs(paths);
        List<String> summary = DifferenceText.of(differences, false).lines().toList();
        int counted =
                summary.stream()
                        .filter(line -> line.endsWith(" below)"))
                        .mapToInt(line ->
                                Integer.parseInt(
                                        line.replaceAll(".*?(\\d+) names? below\\)", "$1")))
                        .sum();
        assertThat(summary.size() + counted)
                .as("seed %d%n%s", seed, summary)
                .isEqualTo(paths.size());
        DifferenceJson json = new DifferenceJson();
        for (Difference difference : differences) {
            assertThat(json.line(difference)).endsWith('\n');
        }
    }
}
