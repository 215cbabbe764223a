package dev.undocker.source.dirlayout;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.source.Opener;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;

/// What skopeo writes is read.
@Timeout(60)
class DirLayoutTest {
    private static final byte[] BASE = new FileSet().file("a", "base").tar();

    @TempDir Path directory;
    private Path layout;

    @BeforeEach
    void copy() throws Exception {
        Path archive = image(BASE).tag("x:1").oci().tar(directory.resolve("image.tar"));
        layout = directory.resolve("layout");
        Process skopeo =
                new ProcessBuilder(
                                Requirements.tool("skopeo").toString(),
                                "copy",
                                "-q",
                                "oci-archive:" + archive,
                                "dir:" + layout)
                        .inheritIO()
                        .start();
        assertThat(skopeo.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dir:"})
    void isReadByNameAndByContent(String transport) throws Exception {
        try (Image image = Opener.in(directory).open(transport + layout)) {
            Opener.assertLayers(image, BASE);
            assertThat(image.name()).isEqualTo("layout");
            assertThat(image.manifestDigest())
                    .isEqualTo(Digest.sha256(Files.readAllBytes(layout.resolve("manifest.json"))));
        }
    }

    /// As skopeo, which does not look at it either.
    @Test
    void theFileThatTellsTheVersionMayLack() throws Exception {
        Files.delete(layout.resolve("version"));
        isReadByNameAndByContent("");
    }

    @Test
    void aChangedBlobIsFound() throws Exception {
        String manifest = Files.readString(layout.resolve("manifest.json"));
        String config = manifest.replaceAll("(?s).*?\"sha256:([0-9a-f]{64})\".*", "$1");
        Files.writeString(
                layout.resolve(config),
                Files.readString(layout.resolve(config)).replace(' ', '\t'));
        Path blob = layout.resolve(config);
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length - 1] ^= 1;
        Files.write(blob, bytes);
        assertThat(Opener.in(directory).failure("dir:" + layout).sentence())
                .contains(
                        "config (sha256:" + config + "): does not match its digest: it is sha256:");
    }

    @Test
    void aMissingManifestIsSaid() throws Exception {
        Files.delete(layout.resolve("manifest.json"));
        assertThat(Opener.in(directory).failure("dir:" + layout).sentence())
                .isEqualTo("layout: not a dir: layout: no manifest.json in it");
    }
}
