package dev.undocker.layer;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;
import dev.undocker.rootfs.Inode;
import dev.undocker.testing.TestFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

class LayerStoreTest {
    private static final byte[] TAR = layer().file("a", "text").toBytes();
    private static final Digest RIGHT = Digest.sha256(TAR);
    private static final Digest WRONG = Digest.sha256(new byte[0]);

    @TempDir Path directory;

    private void read(TestFile file, Digest... diffIds) throws IOException {
        List<LayerBlob> layers =
                IntStream.range(0, diffIds.length)
                        .mapToObj(i -> new LayerBlob(i + 1, null, diffIds[i], file.slice()))
                        .toList();
        try (LayerStore store =
                new LayerStore(
                        layers,
                        new TemporaryFiles(directory),
                        KeptContent.OF_SURVIVORS,
                        true,
                        2,
                        said -> {})) {
            for (LayerIndex index : store.indexes()) {
                assertThat(index.entries()).hasSize(1);
            }
            store.verified();
        }
    }

    private static TestFile stored(boolean compressed) throws IOException {
        if (!compressed) {
            return TestFile.of(TAR);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(TAR);
        }
        return TestFile.of(bytes.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneBlobMayStandTwice(boolean compressed) throws IOException {
        try (TestFile file = stored(compressed)) {
            read(file, RIGHT, RIGHT);
        }
    }

    /// The same blob under two diffIDs, one of which is right.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachDiffIdOfOneBlobIsVerified(boolean compressed) throws IOException {
        try (TestFile file = stored(compressed)) {
            assertThatThrownBy(() -> read(file, RIGHT, WRONG))
                    .isInstanceOf(UndockerException.class)
                    .hasMessageContaining("layer 2 ")
                    .hasMessageContaining("does not match its diffID " + WRONG);
        }
    }

    /// Each digest that is stated is checked, by its own algorithm.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWrongDigestOfAnotherAlgorithmThanTheDiffIdsIsNamed(boolean compressed)
            throws IOException {
        Digest wrong = Digest.parse("sha512:" + "0".repeat(128));
        try (TestFile file = stored(compressed);
                LayerStore store =
                        new LayerStore(
                                List.of(new LayerBlob(1, wrong, RIGHT, file.slice())),
                                new TemporaryFiles(directory),
                                KeptContent.OF_SURVIVORS,
                                true,
                                2,
                                said -> {})) {
            assertThatThrownBy(
                            () -> {
                                store.indexes().forEach(index -> {});
                                store.verified();
                            })
                    .isInstanceOf(UndockerException.class)
                    .hasMessageContaining("does not match its digest");
        }
    }

    /// Bytes may be shared, but two occurrences of a layer are two layers: no inode is in both.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void occurrencesOfOneBlobShareNoInode(boolean compressed) throws IOException {
        try (TestFile file = stored(compressed);
                LayerStore store =
                        new LayerStore(
                                List.of(
                                        new LayerBlob(1, null, RIGHT, file.slice()),
                                        new LayerBlob(2, null, RIGHT, file.slice())),
                                new TemporaryFiles(directory),
                                KeptContent.OF_SURVIVORS,
                                true,
                                2,
                                said -> {})) {
            List<Inode> inodes = new ArrayList<>();
            for (LayerIndex index : store.indexes()) {
                for (LayerEntry entry : index.entries()) {
                    if (entry instanceof LayerEntry.Addition addition) {
                        inodes.add(addition.inode());
                    }
                }
            }
            assertThat(inodes).hasSize(2);
            assertThat(inodes.getFirst()).isNotSameAs(inodes.getLast());
        }
    }

    @Test
    void aWrongDiffIdIsNamed() throws IOException {
        try (TestFile file = stored(true)) {
            assertThatThrownBy(() -> read(file, WRONG))
                    .hasMessageContaining("does not match its diffID " + WRONG);
        }
    }
}
