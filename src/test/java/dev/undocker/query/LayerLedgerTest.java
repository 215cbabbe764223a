package dev.undocker.query;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.UndockerException;
import dev.undocker.merge.MergeEvent;
import dev.undocker.query.LayerLedger.Sums;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.LayerStacks;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// What layers add, change, hide and carry in vain.
class LayerLedgerTest {
    private static List<Sums> sums(LayerBuilder... layers) throws IOException {
        LayerLedger ledger = new LayerLedger(layers.length);
        List<byte[]> tars = List.of(layers).stream().map(LayerBuilder::toBytes).toList();
        Flatten.ofNames(tars, ledger::accept).close();
        return ledger.sums();
    }

    @Test
    void whatComesChangesAndGoes() throws IOException {
        assertThat(
                        sums(
                                layer().dir("d/").file("d/f", "12").file("gone", "123"),
                                layer().dir("d/").file("d/f", "1234").whiteout("gone").fifo("p")))
                .containsExactly(new Sums(3, 0, 0, 5, 5), new Sums(1, 1, 1, 4, 0));
    }

    @Test
    void aDirectoryThatIsRepeatedHasNotChanged() throws IOException {
        assertThat(sums(layer().dir("d/").dir("e/"), layer().dir("d/").dir("e/").mode(0700)))
                .containsExactly(new Sums(2, 0, 0, 0, 0), new Sums(0, 1, 0, 0, 0));
    }

    @Test
    void theRootIsNoEntryButMayChange() throws IOException {
        assertThat(sums(layer().dir("./"), layer().dir("./").mode(0700)))
                .containsExactly(new Sums(0, 0, 0, 0, 0), new Sums(0, 1, 0, 0, 0));
    }

    @Test
    void directoriesThatNoLayerDescribesAreEntries() throws IOException {
        assertThat(sums(layer().file("a/b/f", "1"))).containsExactly(new Sums(3, 0, 0, 1, 0));
    }

    @Test
    void aReplacedDirectoryHidesWhatIsBelow() throws IOException {
        assertThat(sums(layer().file("d/e/f", "123"), layer().file("d", "1")))
                .containsExactly(new Sums(3, 0, 0, 3, 3), new Sums(0, 1, 2, 1, 0));
    }

    @Test
    void whatAnOpaqueDirectoryBringsAgainHasChanged() throws IOException {
        assertThat(
                        sums(
                                layer().file("d/same", "1").file("d/gone", "22"),
                                layer().opaque("d").file("d/same", "1").file("d/new", "")))
                .containsExactly(new Sums(3, 0, 0, 3, 3), new Sums(1, 1, 1, 1, 0));
    }

    @Test
    void aNameThatALayerHasTwiceCountsOnce() throws IOException {
        assertThat(sums(layer().file("f", "1"), layer().file("f", "22").file("f", "333")))
                .containsExactly(new Sums(1, 0, 0, 1, 1), new Sums(0, 1, 0, 5, 2));
        assertThat(sums(layer().file("f", "1").file("f", "22")))
                .containsExactly(new Sums(1, 0, 0, 3, 1));
    }

    @Test
    void whatALayerBringsAndTakesAwayItselfIsHiddenWhereItWasThere() throws IOException {
        assertThat(
                        sums(
                                layer().file("d/f", "1"),
                                layer().dir("d/").file("d/f", "22").file("d/n", "").file("d", "")))
                .containsExactly(new Sums(2, 0, 0, 1, 1), new Sums(0, 1, 1, 2, 2));
    }

    @Test
    void aFileIsWastedWhenItsLastNameGoes() throws IOException {
        LayerBuilder linked = layer().file("a", "123").hardLink("b", "a");
        assertThat(sums(linked, layer().whiteout("a")))
                .containsExactly(new Sums(2, 0, 0, 3, 0), new Sums(0, 0, 1, 0, 0));
        assertThat(sums(linked, layer().whiteout("a"), layer().file("b", "")))
                .extracting(Sums::wasted)
                .containsExactly(3L, 0L, 0L);
    }

    @Test
    void aFileThatIsRenamedIsNotWasted() throws IOException {
        assertThat(sums(layer().file("a", "123"), layer().whiteout("a").hardLink("b", "a")))
                .containsExactly(new Sums(1, 0, 0, 3, 0), new Sums(1, 0, 1, 0, 0));
    }

    /// Its data stays where it was, whoever has the last name of it.
    @Test
    void aFileIsWastedInTheLayerThatHasItsData() throws IOException {
        assertThat(
                        sums(
                                layer().file("a", "123"),
                                layer().hardLink("b", "a"),
                                layer().whiteout("a").whiteout("b")))
                .extracting(Sums::wasted)
                .containsExactly(3L, 0L, 0L);
    }

    @Test
    void holesAreNoBytes() throws IOException {
        LayerBuilder sparse =
                layer().sparse(
                                LayerBuilder.SparseForm.PAX_1_0,
                                "s",
                                1 << 20,
                                new LayerBuilder.Piece(4096, "x".repeat(512)));
        assertThat(sums(sparse, layer().whiteout("s")))
                .containsExactly(new Sums(1, 0, 0, 512, 512), new Sums(0, 0, 1, 0, 0));
    }

    @Test
    void aLayerThatComesTwiceReplacesItself() throws IOException {
        LayerBuilder twice = layer().file("a", "123").hardLink("b", "a");
        assertThat(sums(twice, twice))
                .containsExactly(new Sums(2, 0, 0, 3, 3), new Sums(0, 2, 0, 3, 0));
    }

    @Test
    void filesOfAufsCountWhereTheyAreLinked() throws IOException {
        assertThat(
                        sums(
                                layer().file(".wh..wh.plnk/1.2", "123")
                                        .hardLink("a", ".wh..wh.plnk/1.2")
                                        .hardLink("b", ".wh..wh.plnk/1.2"),
                                layer().whiteout("a"),
                                layer().whiteout("b")))
                .extracting(Sums::bytes, Sums::wasted)
                .startsWith(org.assertj.core.groups.Tuple.tuple(3L, 3L));
    }

    @Test
    void sumsOfRandomStacks() throws IOException {
        int counted = 0;
        for (long seed = 0; seed < 1000; seed++) {
            List<byte[]> tars = LayerStacks.of(seed).stream().map(LayerBuilder::toBytes).toList();
            LayerLedger ledger = new LayerLedger(tars.size());
            Map<Inode, Integer> carried = new IdentityHashMap<>();
            Set<String> names = new HashSet<>();
            try (Flatten flatten =
                    Flatten.ofNames(
                            tars,
                            event -> {
                                if (event instanceof MergeEvent.Added added) {
                                    carried.put(added.inode(), added.layer());
                                }
                                ledger.accept(event);
                            })) {
                for (RootfsEntry entry : flatten.entries()) {
                    names.add(entry.path().toString());
                    carried.remove(entry.inode());
                }
                List<Sums> sums = ledger.sums();
                String which = "seed " + seed;
                long remaining =
                        sums.stream().mapToLong(each -> each.added() - each.hidden()).sum();
                assertThat(remaining + 1).as(which).isEqualTo(names.size());
                long[] wasted = new long[tars.size() + 1];
                carried.forEach((inode, layer) -> wasted[layer] += size(inode));
                long kept = 0;
                for (int number = 1; number <= tars.size(); number++) {
                    Sums layer = sums.get(number - 1);
                    assertThat(layer.bytes()).as(which).isEqualTo(bytes(tars.get(number - 1)));
                    assertThat(layer.wasted()).as(which).isEqualTo(wasted[number]);
                    kept += layer.bytes() - layer.wasted();
                }
                assertThat(kept)
                        .as(which)
                        .isEqualTo(
                                flatten.rootfs()
                                        .tree()
                                        .plan(path -> true, OptionalLong.empty())
                                        .contentBytes());
                counted++;
            } catch (UndockerException e) {
                // refused, which is tested elsewhere
            }
        }
        assertThat(counted).isGreaterThan(500);
    }

    private static long size(Inode inode) {
        return inode instanceof Inode.RegularFile file ? file.content().dataSize() : 0;
    }

    private static long bytes(byte[] tar) throws IOException {
        long bytes = 0;
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(new ByteArrayInputStream(tar), "ISO-8859-1")) {
            for (TarArchiveEntry entry = in.getNextEntry();
                    entry != null;
                    entry = in.getNextEntry()) {
                bytes += entry.isFile() && !entry.isLink() ? entry.getSize() : 0;
            }
        }
        return bytes;
    }
}
