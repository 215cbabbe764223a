package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.Digest;
import dev.undocker.query.LayerOrigin;
import dev.undocker.query.explain.Explainer;
import dev.undocker.query.explain.Explanation;
import dev.undocker.query.explain.ExplanationJson;
import dev.undocker.query.explain.ExplanationText;
import dev.undocker.query.explain.MergeHistory;
import dev.undocker.query.explain.Verdict;
import dev.undocker.rootfs.RootfsPath;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Thousands of random layer stacks: a path is said to be in the image exactly when [Oracle] finds
/// it there, and to be of the same layer.
class ExplanationModelTest {
    private static final int STACKS_A_BLOCK = 1000;
    private static final String[] NAMES = {"a", "b", "c"};

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void explanationsAndOracleAgree(int block) throws IOException {
        int meaningful = 0;
        Set<String> reasons = new HashSet<>();
        for (long seed = (long) block * STACKS_A_BLOCK;
                seed < (block + 1L) * STACKS_A_BLOCK;
                seed++) {
            List<LayerBuilder> layers = LayerStacks.of(seed);
            try {
                compare(seed, layers, Oracle.of(layers), reasons);
                meaningful++;
            } catch (Oracle.Refused | Oracle.Unspecified e) {
                // tested elsewhere
            }
        }
        assertThat(meaningful).isGreaterThan(STACKS_A_BLOCK / 2);
        // all that can be said is said now and then
        assertThat(reasons)
                .contains(
                        "Present",
                        "Never",
                        "Unreachable",
                        "WHITEOUT",
                        "OPAQUE_WHITEOUT",
                        "REPLACED");
    }

    private static void compare(
            long seed, List<LayerBuilder> layers, Oracle oracle, Set<String> reasons)
            throws IOException {
        Map<RootfsPath, Integer> present = oracle.layers();
        MergeHistory history = new MergeHistory();
        try (Flatten flatten =
                Flatten.ofNames(layers.stream().map(LayerBuilder::toBytes).toList(), history)) {
            Explainer explainer = new Explainer(flatten.rootfs().tree(), history);
            Set<RootfsPath> paths = new HashSet<>(present.keySet());
            add("", 3, paths);
            for (RootfsPath path : paths) {
                String where = "%s of seed %d".formatted(path, seed);
                Explanation explanation = explainer.explain(path);
                assertThat(explanation.isPresent())
                        .as(where)
                        .isEqualTo(oracle.finds(path.toString()));
                switch (explanation.verdict()) {
                    case Verdict.Present there -> {
                        reasons.add("Present");
                        assertThat(present).as(where).containsEntry(there.place(), there.layer());
                        if (present.containsKey(path)) {
                            assertThat(there.place()).as(where).isEqualTo(path);
                        }
                    }
                    case Verdict.Gone gone -> reasons.add(gone.gone().cause().name());
                    case Verdict.Unreachable _ -> reasons.add("Unreachable");
                    case Verdict.Never _ -> reasons.add("Never");
                }
                // whatever it is, it can be told
                assertThat(ExplanationText.of(explanation, origins(layers), history, 80).lines())
                        .as(where)
                        .isNotEmpty()
                        .allMatch(line -> line.length() <= 80);
                assertThat(ExplanationJson.of(explanation, origins(layers))).isNotEmpty();
            }
        }
    }

    private static List<LayerOrigin> origins(List<LayerBuilder> layers) {
        List<LayerOrigin> origins = new ArrayList<>();
        for (LayerBuilder layer : layers) {
            origins.add(
                    new LayerOrigin(
                            origins.size() + 1, null, Digest.sha256(layer.toBytes()), null));
        }
        return origins;
    }

    private static void add(String directory, int levels, Set<RootfsPath> to) {
        for (String name : NAMES) {
            to.add(RootfsPath.of(directory + name));
            if (levels > 1) {
                add(directory + name + "/", levels - 1, to);
            }
        }
    }
}
