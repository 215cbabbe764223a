package dev.undocker.source.registry;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.Digest;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Runs that are killed again and again while they fetch an image.
@Timeout(300)
class KilledFetchIT {
    private static final int KILLS = 20;
    private static final int LONGEST_MILLIS = 250;

    /// Six at a time come from a server that gives one megabyte a second to each.
    private static final List<byte[]> LAYERS = layers(6, 4_000_000);

    private static final int PIECE = 20_000;
    private static final int PIECE_MILLIS = 20;

    @TempDir private Path directory;
    private HostileRegistry registry;
    private Path cache;

    private static List<byte[]> layers(int count, int size) {
        List<byte[]> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] noise = new byte[size];
            new SplittableRandom(i).nextBytes(noise);
            layers.add(new FileSet().file("noise" + i, noise).tar());
        }
        return layers;
    }

    @BeforeEach
    void start() throws IOException {
        registry = new HostileRegistry();
        registry.serve(image(LAYERS.toArray(byte[][]::new)).oci());
        for (byte[] layer : LAYERS) {
            registry.change(
                    HostileRegistry.blob(layer),
                    good -> (request, out) -> good.to(request, new Slowly(out)));
        }
        cache = directory.resolve("cache");
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    private Undocker pull(Path out) {
        return Undocker.command(
                        "rootfs",
                        "--cache-dir",
                        cache,
                        "docker://%s/x:1".formatted(registry.host()),
                        out)
                .in(directory)
                .with("HOME", directory.toString());
    }

    private int askedForLayers() {
        return LAYERS.stream().mapToInt(layer -> starts(layer).size()).sum();
    }

    /// Where the layer was begun, each time.
    private List<Integer> starts(byte[] layer) {
        return registry.requests(HostileRegistry.blob(layer)).stream()
                .map(request -> request.header("range"))
                .map(range -> range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("\\D", "")))
                .toList();
    }

    @Test
    void whatHasArrivedStaysAndIsRight() throws Exception {
        Path archive = image(LAYERS.toArray(byte[][]::new)).oci().tar(directory.resolve("oci.tar"));
        Path expected = directory.resolve("expected.tar");
        Undocker.command("rootfs", archive, expected).succeed();
        Path place = Files.createDirectory(directory.resolve("place"));
        Path out = place.resolve("out.tar");
        SplittableRandom random = new SplittableRandom();
        for (int i = 0; i < KILLS; i++) {
            int before = askedForLayers();
            Process run = pull(out).start();
            while (run.isAlive() && askedForLayers() == before) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(LONGEST_MILLIS));
            assertThat(run.isAlive()).as("run %d is not done", i).isTrue();
            run.destroyForcibly().waitFor();
            assertThat(out).doesNotExist();
        }

        pull(out).succeed();

        assertThat(out).hasSameBinaryContentAs(expected);
        try (Stream<Path> files = Files.list(place)) {
            assertThat(files).containsExactly(out);
        }
        for (byte[] layer : LAYERS) {
            assertThat(starts(layer)).isSorted();
            assertThat(starts(layer).getLast()).isPositive();
            assertThat(cache.resolve("v1/blobs/sha256").resolve(Digest.sha256(layer).hex()))
                    .hasBinaryContent(layer);
        }
        assertThat(cache.resolve("v1/partial")).isEmptyDirectory();
        Undocker.command("cache", "verify", "--cache-dir", cache).succeed();
    }

    private static final class Slowly extends FilterOutputStream {
        Slowly(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int at = 0; at < length; at += PIECE) {
                out.write(bytes, offset + at, Math.min(PIECE, length - at));
                out.flush();
                try {
                    Thread.sleep(PIECE_MILLIS);
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        }
    }
}
