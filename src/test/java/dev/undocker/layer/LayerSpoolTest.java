package dev.undocker.layer;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.content.Limits;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;
import dev.undocker.rootfs.Inode;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.TestFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What of a compressed layer is kept in the temporary file.
class LayerSpoolTest {
    private static final LayerProgress UNHEARD = new LayerProgress(said -> {}, 0, 0, 0);

    private static final String LARGE = "0123456789abcdef".repeat(10_000);

    @TempDir Path directory;

    /// The contents of the lowest layer's files after all layers were decoded from the top, holes
    /// as NULs.
    private List<String> lowest(boolean complete, LayerBuilder... baseFirst) throws IOException {
        List<String> contents = new ArrayList<>();
        try (LayerSpool spool = spool(new Workload(1, 1, 0));
                TestFile file =
                        TestFile.of(
                                List.of(baseFirst).stream()
                                        .map(layer -> ImageBuilder.gzip(layer.toBytes()))
                                        .toArray(byte[][]::new))) {
            List<LayerEntry> entries = List.of();
            for (int i = baseFirst.length - 1; i >= 0; i--) {
                Digest diffId = Digest.sha256(baseFirst[i].toBytes());
                LayerBlob blob = new LayerBlob(i + 1, null, diffId, file.slices().get(i));
                entries = spool.decode(blob);
            }
            List<Inode> inodes = new ArrayList<>();
            for (LayerEntry entry : entries) {
                if (entry instanceof LayerEntry.Addition addition) {
                    inodes.add(addition.inode());
                }
            }
            if (complete) {
                for (SpooledLayer layer : spool.lacking(inodes)) {
                    layer.complete(UNHEARD);
                }
                assertThat(spool.lacking(inodes)).isEmpty();
            }
            for (Inode inode : inodes) {
                if (inode instanceof Inode.RegularFile regular) {
                    // what is missing at the end of the file ends early
                    byte[] bytes = new byte[LARGE.length()];
                    regular.content().stream().readNBytes(bytes, 0, bytes.length);
                    contents.add(new String(bytes, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return contents;
    }

    private static String hole() {
        return "\0".repeat(LARGE.length());
    }

    private static LayerBuilder base() {
        return layer().file("a", LARGE).dir("d/").file("d/b", LARGE).file("c", LARGE);
    }

    @Test
    void allIsKeptThatNoLayerHides() throws IOException {
        assertThat(lowest(false, base(), layer().file("other", LARGE)))
                .containsExactly(LARGE, LARGE, LARGE);
    }

    @Test
    void whatAnUpperLayerReplacesIsNotKept() throws IOException {
        assertThat(lowest(false, base(), layer().file("other", LARGE), layer().file("a", "new")))
                .containsExactly(hole(), LARGE, LARGE);
    }

    @Test
    void whatAnUpperLayerRemovesIsNotKept() throws IOException {
        assertThat(lowest(false, base(), layer().whiteout("d"), layer().whiteout("c")))
                .containsExactly(LARGE, hole(), hole());
        assertThat(lowest(false, base(), layer().dir("d/").opaque("d")))
                .containsExactly(LARGE, hole(), LARGE);
        assertThat(lowest(false, base(), layer().opaque(""))).containsOnly(hole());
    }

    @Test
    void aDirectoryOfAnUpperLayerHidesNoFileBelowIt() throws IOException {
        assertThat(lowest(false, base(), layer().dir("d/").symlink("x", "a")))
                .containsExactly(LARGE, LARGE, LARGE);
    }

    @Test
    void aHardLinkKeepsWhatIsHidden() throws IOException {
        LayerBuilder linked = base().hardLink("second", "a").hardLink("third", "c");
        assertThat(lowest(false, linked, layer().file("a", "new").whiteout("c").whiteout("third")))
                .containsExactly(LARGE, LARGE, hole());
        LayerBuilder chain = base().hardLink("second", "a").hardLink("third", "second");
        assertThat(lowest(false, chain, layer().file("a", "new").file("second", "new")))
                .containsExactly(LARGE, LARGE, LARGE);
        assertThat(lowest(false, base(), layer().hardLink("b", "a"), layer().file("a", "new")))
                .containsExactly(LARGE, LARGE, LARGE);
    }

    @Test
    void whatIsNeededAllTheSameIsDecodedAgain() throws IOException {
        assertThat(lowest(true, base(), layer().file("a", "new").whiteout("d")))
                .containsExactly(LARGE, LARGE, LARGE);
    }

    /// A digest that does not match tells more than where the tar goes wrong.
    @Test
    void aMalformedTarIsReportedAfterItsDigest() throws IOException {
        byte[] malformed = layer().file("a", "b").wrongChecksum().toBytes();
        Digest right = Digest.sha256(malformed);
        Digest wrong = Digest.sha256(new byte[0]);
        assertThatThrownBy(() -> decode(malformed, right)).hasMessageContaining("malformed tar");
        assertThatThrownBy(() -> decode(malformed, wrong)).hasMessageContaining("diffID");
    }

    @Test
    void aTruncatedTarIsRefused() throws IOException {
        byte[] whole = layer().file("a", LARGE).toBytes();
        byte[] truncated = Arrays.copyOf(whole, 100_000);
        assertThatThrownBy(() -> decode(truncated, Digest.sha256(truncated)))
                .hasMessageContaining("truncated tar");
    }

    /// With a thread that reads ahead and without: the same entries, and the same words for what is
    /// damaged, wherever it is.
    @Test
    void aThreadMoreChangesNothing() throws IOException {
        StringBuilder text = new StringBuilder();
        new Random(1).ints(3_000_000, 'a', 'z').forEach(letter -> text.append((char) letter));
        byte[] noise = text.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] tar = layer().file("noise", text.toString()).file("text", LARGE).toBytes();
        byte[] packed = ImageBuilder.gzip(tar);
        Digest diffId = Digest.sha256(tar);
        assertThat(outcome(packed, diffId, 2))
                .isEqualTo(outcome(packed, diffId, 1))
                .contains("noise");
        Digest other = Digest.sha256(noise);
        assertThat(outcome(packed, other, 2))
                .isEqualTo(outcome(packed, other, 1))
                .contains("diffID");
        for (int at = packed.length / 7; at < packed.length; at += packed.length / 7) {
            byte[] torn = Arrays.copyOf(packed, at);
            assertThat(outcome(torn, diffId, 2)).isEqualTo(outcome(torn, diffId, 1));
            byte[] flipped = packed.clone();
            flipped[at] ^= 0x10;
            assertThat(outcome(flipped, diffId, 2)).isEqualTo(outcome(flipped, diffId, 1));
        }
        byte[] noTar = ImageBuilder.gzip(noise);
        assertThat(outcome(noTar, other, 2)).isEqualTo(outcome(noTar, other, 1));
    }

    private String outcome(byte[] packed, Digest diffId, int threads) throws IOException {
        try (LayerSpool spool = spool(new Workload(threads, 1, packed.length));
                TestFile file = TestFile.of(packed)) {
            return spool.decode(new LayerBlob(1, null, diffId, file.slice())).stream()
                    .map(entry -> entry.path().toString())
                    .toList()
                    .toString();
        } catch (IOException | UndockerException e) {
            return e.getMessage();
        }
    }

    private LayerSpool spool(Workload workload) throws IOException {
        return new LayerSpool(
                new TemporaryFiles(directory),
                KeptContent.OF_SURVIVORS,
                true,
                new Allowance(Limits.STANDARD, 0),
                UNHEARD,
                workload);
    }

    private void decode(byte[] tar, Digest diffId) throws IOException {
        try (LayerSpool spool = spool(new Workload(1, 1, 0));
                TestFile file = TestFile.of(ImageBuilder.gzip(tar))) {
            spool.decode(new LayerBlob(1, null, diffId, file.slice()));
        }
    }
}
