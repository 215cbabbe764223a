package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Thousands of random layer stacks: the product and [Oracle] agree on every path, or both refuse.
class LayerMergeModelTest {
    private static final int STACKS_A_BLOCK = 1000;
    private static final int MANY = 10_000;

    private enum Outcome {
        EQUAL,
        BOTH_REFUSED,
        UNSPECIFIED
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void productAndOracleAgree(int block) throws IOException {
        compare((long) block * STACKS_A_BLOCK, STACKS_A_BLOCK);
    }

    @Test
    @Tag(Endurance.TAG)
    void productAndOracleAgreeOnMany() throws IOException {
        compare(0, Endurance.scaled(MANY));
    }

    private static void compare(long first, int count) throws IOException {
        int equal = 0;
        for (long seed = first; seed < first + count; seed++) {
            if (compare(seed) == Outcome.EQUAL) {
                equal++;
            }
        }
        // the generator has to make stacks that mean something
        assertThat(equal).isGreaterThan(count / 2);
    }

    @Test
    void generatorMakesTheSameStackFromTheSameSeed() {
        assertThat(described(LayerStacks.of(3))).isEqualTo(described(LayerStacks.of(3)));
    }

    private static Outcome compare(long seed) throws IOException {
        List<LayerBuilder> layers =
                seed % 2 == 0 ? LayerStacks.of(seed) : LayerStacks.odd(seed, LayerStacks.Form.ANY);
        String expected = null;
        Outcome refused = null;
        try {
            expected = Oracle.flatten(layers).toString();
        } catch (Oracle.Refused e) {
            refused = Outcome.BOTH_REFUSED;
        } catch (Oracle.Unspecified e) {
            refused = Outcome.UNSPECIFIED;
        }
        try (Flatten flatten = Flatten.of(layers)) {
            if (refused == Outcome.BOTH_REFUSED) {
                fail("only the oracle refuses seed %d%n%s", seed, described(layers));
            }
            checkOrder(seed, layers, flatten.entries());
            if (expected != null) {
                assertThat(flatten.listing().toString())
                        .as("seed %d%n%s", seed, described(layers))
                        .isEqualTo(expected);
            }
            checkTar(seed, layers, flatten);
            checkGzip(seed, layers, flatten);
            return refused == null ? Outcome.EQUAL : refused;
        } catch (UndockerException e) {
            if (refused == null) {
                fail("only the product refuses seed %d: %s%n%s", seed, e, described(layers));
            }
            return refused;
        }
    }

    /// Parents first, link targets before links, every path once, no marker.
    private static void checkOrder(
            long seed, List<LayerBuilder> layers, List<RootfsEntry> entries) {
        Map<RootfsPath, RootfsEntry> earlier = new HashMap<>();
        for (RootfsEntry entry : entries) {
            RootfsPath path = entry.path();
            String where = "%s of seed %d%n%s".formatted(path, seed, described(layers));
            RootfsPath parent = path.parent();
            assertThat(parent == null ? earlier.isEmpty() : earlier.containsKey(parent))
                    .as("parent before %s", where)
                    .isTrue();
            if (entry instanceof RootfsEntry.HardLink link) {
                assertThat(earlier.get(link.target())).as("target before %s", where).isNotNull();
                assertThat(earlier.get(link.target()).inode()).as(where).isSameAs(link.inode());
            }
            assertThat(path.toString()).as(where).doesNotContain(".wh.");
            assertThat(earlier.put(path, entry)).as("twice: %s", where).isNull();
        }
    }

    /// The tar says the same as the entries, has the same bytes again, and is its own flattening.
    private static void checkTar(long seed, List<LayerBuilder> layers, Flatten flatten)
            throws IOException {
        if (seed % 3 != 0) {
            return;
        }
        byte[] tar = flatten.tar();
        assertThat(Listing.ofTar(tar).toString())
                .as("tar of seed %d%n%s", seed, described(layers))
                .isEqualTo(flatten.listing().toString());
        if (seed % 30 != 0) {
            return;
        }
        try (Flatten again = Flatten.of(layers);
                Flatten flattened = Flatten.ofTars(List.of(tar))) {
            assertThat(again.tar()).as("same bytes for seed %d", seed).isEqualTo(tar);
            assertThat(flattened.tar()).as("flattened again, seed %d", seed).isEqualTo(tar);
        }
    }

    /// Compressed layers, of which not all content is kept, come to the same.
    private static void checkGzip(long seed, List<LayerBuilder> layers, Flatten flatten)
            throws IOException {
        if (seed % 4 != 0) {
            return;
        }
        try (Flatten compressed = Flatten.ofGzip(layers)) {
            assertThat(compressed.listing().toString())
                    .as("gzip of seed %d%n%s", seed, described(layers))
                    .isEqualTo(flatten.listing().toString());
        }
    }

    private static String described(List<LayerBuilder> layers) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < layers.size(); i++) {
            text.append("--- layer ").append(i + 1).append('\n').append(layers.get(i)).append('\n');
        }
        return text.toString();
    }
}
