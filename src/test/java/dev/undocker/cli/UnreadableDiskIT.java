package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LoopDevice;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// The image lies on a disk that cannot read a part of it: `EIO`, as btrfs has it for a block whose
/// checksum is wrong.
@Timeout(300)
class UnreadableDiskIT {
    private static final String MARK = "in the midst of a block that cannot be read";

    @TempDir private Path directory;

    /// Each block with the mark is spoiled.
    private static void spoil(Path disk) throws Exception {
        try (FileChannel file = new RandomAccessFile(disk.toFile(), "rw").getChannel()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {
                // all of it
            }
            String text = new String(bytes.array(), ISO_8859_1);
            int found = 0;
            for (int at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at + 1)) {
                file.write(ByteBuffer.wrap("X".getBytes(UTF_8)), at);
                found++;
            }
            assertThat(found).as("blocks").isPositive();
        }
    }

    @Test
    void isNamedAndLeavesNothing() throws Exception {
        Workplace place = Workplace.in(directory);
        Path disk;
        try (LoopDevice device = LoopDevice.of("btrfs", directory, 200)) {
            byte[] base =
                    layer().file("before", "x".repeat(100_000))
                            .file("marked", MARK + "x".repeat(100_000))
                            .toBytes();
            ImageBuilder.image(base)
                    .docker(ImageBuilder.Dialect.SAVE)
                    .tar(device.path().resolve("image.tar"));
            ImageBuilder.image(base).oci().tar(device.path().resolve("layout.tar"));
            ImageBuilder.image(layer().file("f", "f").toBytes())
                    .packed(Packing.GZIP)
                    .oci()
                    .tar(device.path().resolve("good.tar"));
            disk = device.image();
            device.unmount();
            spoil(disk);
            device.mount();
            for (String name : new String[] {"image.tar", "layout.tar"}) {
                Path image = device.path().resolve(name);
                Undocker.Result result =
                        Undocker.command(place.arguments(place.fresh(), image)).run();
                assertThat(place.refusal(result).sentence())
                        .startsWith("layer 1 (sha256:")
                        .endsWith("): " + image + ": Input/output error");
                result = Undocker.command("dir", image, place.outputs().resolve("tree")).run();
                assertThat(place.refusal(result).sentence()).endsWith("Input/output error");
                result = Undocker.command("cat", image, "marked").run();
                assertThat(result.exitCode()).isEqualTo(1);
                assertThat(result.errors()).contains("Input/output error");
            }
            Undocker.command(place.arguments(place.fresh(), device.path().resolve("good.tar")))
                    .succeed();
        }
    }
}
