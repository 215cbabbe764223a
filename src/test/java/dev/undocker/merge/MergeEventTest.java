package dev.undocker.merge;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.LayerStacks;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a merge tells whoever asks, and what it leaves to be asked for.
class MergeEventTest {
    private static List<MergeEvent> events(LayerBuilder... layers) throws IOException {
        List<MergeEvent> events = new ArrayList<>();
        List<byte[]> tars = List.of(layers).stream().map(LayerBuilder::toBytes).toList();
        Flatten.ofNames(tars, events::add).close();
        return events;
    }

    private static String told(MergeEvent event) {
        return switch (event) {
            case MergeEvent.Added added ->
                    "%d adds %s as %s".formatted(added.layer(), added.path(), added.member());
            case MergeEvent.Linked linked ->
                    "%d links %s to %s".formatted(linked.layer(), linked.path(), linked.target());
            case MergeEvent.Implied implied ->
                    "%d implies %s for %s"
                            .formatted(implied.layer(), implied.path(), implied.member());
            case MergeEvent.Updated updated ->
                    "%d updates %s of %d".formatted(updated.layer(), updated.path(), updated.by());
            case MergeEvent.Removed gone ->
                    "%d removes %s of %d: %s of %s"
                            .formatted(
                                    gone.layer(), gone.path(), gone.of(), gone.cause(), gone.at());
        };
    }

    private static List<String> told(LayerBuilder... layers) throws IOException {
        return events(layers).stream().map(MergeEventTest::told).toList();
    }

    @Test
    void whatComesAndGoes() throws IOException {
        assertThat(
                        told(
                                layer().dir("d/").file("d/f", "1").file("gone", "1"),
                                layer().dir("d/").file("d/f", "2").whiteout("gone"),
                                layer().opaque("d").file("d/new/f", "3")))
                .containsExactly(
                        "1 adds d as d",
                        "1 adds d/f as d/f",
                        "1 adds gone as gone",
                        "2 removes gone of 1: WHITEOUT of gone",
                        "2 updates d of 1",
                        "2 removes d/f of 1: REPLACED of d/f",
                        "2 adds d/f as d/f",
                        "3 removes d/f of 2: OPAQUE_WHITEOUT of d",
                        "3 implies d/new for d/new/f",
                        "3 adds d/new/f as d/new/f");
    }

    @Test
    void eachNameBelowOneThatGoes() throws IOException {
        assertThat(told(layer().file("d/e/f", ""), layer().whiteout("d")))
                .endsWith(
                        "2 removes d of 1: WHITEOUT of d",
                        "2 removes d/e of 1: WHITEOUT of d",
                        "2 removes d/e/f of 1: WHITEOUT of d");
    }

    @Test
    void linksThatAreFollowedAndThatHide() throws IOException {
        assertThat(
                        told(
                                layer().dir("usr/").symlink("lib", "usr").file("lib/f", ""),
                                layer().file("lib/g", "")))
                .containsSubsequence(
                        "1 adds usr/f as lib/f",
                        "2 removes lib of 1: REPLACED of lib",
                        "2 implies lib for lib/g",
                        "2 adds lib/g as lib/g");
    }

    @Test
    void aLinkToWhatItsOwnLayerHides() throws IOException {
        assertThat(told(layer().file("a", ""), layer().whiteout("a").hardLink("b", "a")))
                .endsWith("2 removes a of 1: WHITEOUT of a", "2 links b to a");
    }

    /// Whoever follows the events has the merged tree, with each name's layer.
    @Test
    void togetherMakeTheTree() throws IOException {
        int followed = 0;
        for (long seed = 0; seed < 1000; seed++) {
            List<byte[]> tars = LayerStacks.of(seed).stream().map(LayerBuilder::toBytes).toList();
            Map<RootfsPath, Inode> names = new HashMap<>();
            Map<RootfsPath, Integer> layers = new HashMap<>();
            try (Flatten flatten = Flatten.ofNames(tars, event -> follow(event, names, layers))) {
                for (RootfsEntry entry : flatten.entries()) {
                    RootfsPath path = entry.path();
                    Inode known = names.remove(path);
                    if (!path.isRoot()) {
                        assertThat(known).as("%s of seed %d", path, seed).isSameAs(entry.inode());
                        assertThat(flatten.rootfs().tree().layer(path))
                                .as("%s of seed %d", path, seed)
                                .isEqualTo(layers.get(path));
                    }
                }
                assertThat(names).as("seed %d", seed).isEmpty();
                followed++;
            } catch (UndockerException e) {
                // refused, which is tested elsewhere
            }
        }
        assertThat(followed).isGreaterThan(500);
    }

    private static void follow(
            MergeEvent event, Map<RootfsPath, Inode> names, Map<RootfsPath, Integer> layers) {
        switch (event) {
            case MergeEvent.Removed removed -> {
                assertThat(names.remove(removed.path())).isSameAs(removed.inode());
                assertThat(layers.remove(removed.path())).isEqualTo(removed.of());
            }
            case MergeEvent.Updated updated -> {
                names.put(updated.path(), updated.inode());
                layers.put(updated.path(), updated.layer());
            }
            case MergeEvent.Added added -> come(added, names, layers);
            case MergeEvent.Linked linked -> come(linked, names, layers);
            case MergeEvent.Implied implied -> come(implied, names, layers);
        }
    }

    private static void come(
            MergeEvent event, Map<RootfsPath, Inode> names, Map<RootfsPath, Integer> layers) {
        assertThat(names.put(event.path(), event.inode())).isNull();
        layers.put(event.path(), event.layer());
    }

    /// Of packed layers nothing is kept; what is asked for then comes whole.
    @Test
    void contentsComeWhenTheyAreAskedFor() throws IOException {
        List<byte[]> layers =
                List.of(
                        ImageBuilder.gzip(layer().file("a", "first").file("b", "second").toBytes()),
                        ImageBuilder.gzip(layer().file("a", "third").toBytes()));
        try (Flatten flatten = Flatten.onDemand(layers)) {
            assertThat(text(flatten, "a")).isNotEqualTo("third");
            flatten.rootfs().load(List.of(inode(flatten, "a")));
            assertThat(text(flatten, "a")).isEqualTo("third");
            assertThat(text(flatten, "b")).isNotEqualTo("second");
            flatten.rootfs().load(List.of(inode(flatten, "a"), inode(flatten, "b")));
            assertThat(text(flatten, "b")).isEqualTo("second");
        }
    }

    private static Inode inode(Flatten flatten, String path) {
        return Objects.requireNonNull(
                flatten.rootfs()
                        .tree()
                        .lookup(RootfsPath.of(path.getBytes(StandardCharsets.UTF_8))));
    }

    private static String text(Flatten flatten, String path) throws IOException {
        Inode.RegularFile file = (Inode.RegularFile) inode(flatten, path);
        return new String(file.content().stream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
