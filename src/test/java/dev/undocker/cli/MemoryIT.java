package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/// Memory grows with the number of entries alone: small images with large records fit into a small
/// heap.
class MemoryIT {
    /// As long as a path may be, of one level for each two bytes.
    private static final String DEEPEST = "a/".repeat(8180);

    @TempDir private Path directory;

    private Path written(LayerBuilder... layers) throws IOException {
        byte[][] tars = new byte[layers.length][];
        for (int i = 0; i < tars.length; i++) {
            tars[i] = layers[i].toBytes();
        }
        return image(tars).packed(Packing.GZIP).oci().tar(directory.resolve("image.tar"));
    }

    private void fits(int megabytes, Object... arguments) throws Exception {
        Undocker.Result result =
                Undocker.command(arguments)
                        .with("JDK_JAVA_OPTIONS", "-Xmx" + megabytes + "m")
                        .run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
    }

    /// Half a million directories, with paths of 4 GB taken together.
    @Test
    void pathsAreNotHeldAsAWhole() throws Exception {
        LayerBuilder deep = layer();
        for (int i = 0; i < 60; i++) {
            deep.file(i + "/" + DEEPEST + "f", "");
        }

        fits(128, "lxcconfig", written(deep), directory.resolve("config"));
    }

    /// Values that together are larger than the heap.
    @Test
    void extendedAttributesAreNotHeld() throws Exception {
        LayerBuilder large = layer();
        for (int i = 0; i < 100; i++) {
            large.file("f" + i, "").xattr("user.large", i + "v".repeat(960_000));
        }

        fits(64, "rootfs", "--no-sync", written(large), "/dev/null");
    }

    /// The same directories come again and again, from a layer that goes to and fro between them.
    @Test
    void directoriesAreHeldOnce() throws Exception {
        LayerBuilder base = layer();
        LayerBuilder top = layer();
        for (int i = 0; i < 1000; i++) {
            base.file(i % 2 + "/" + DEEPEST + i, "");
            top.whiteout(i % 2 + "/" + DEEPEST + i)
                    .hardLink(i % 2 + "/" + DEEPEST + "x" + i, i % 2 + "/" + DEEPEST + i);
        }

        fits(64, "rootfs", "--no-sync", written(base, top), "/dev/null");
    }
}
