package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

    /// More entries than the heap holds.
    @ParameterizedTest
    @ValueSource(ints = {40, 48, 64})
    void aFullHeapIsSaid(int megabytes) throws Exception {
        Assumptions.assumeFalse(Undocker.isNative(), "a native executable's heap has one size");
        LayerBuilder many = layer();
        for (int i = 0; i < 300_000; i++) {
            many.file(i / 1000 + "/some-rather-long-name-of-a-file-" + i, "").mtime(i);
        }
        Path outputs = Files.createDirectory(directory.resolve("outputs"));
        for (String kind : List.of("rootfs", "dir")) {
            Undocker.Result result =
                    Undocker.command(kind, "--no-sync", written(many), outputs.resolve("out"))
                            .with("JDK_JAVA_OPTIONS", "-Xmx" + megabytes + "m")
                            .run();
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors().lines().filter(line -> !line.startsWith("NOTE: Picked up")))
                    .containsExactly(
                            "undocker: out of memory: Java heap space",
                            "hint: JAVA_TOOL_OPTIONS=-Xmx4g allows four gigabytes, and so on");
            assertThat(outputs).isEmptyDirectory();
        }
    }
}
