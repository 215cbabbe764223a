package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Endurance;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// The image's file changes while it is read: then the output is right, or there is none.
@Timeout(600)
class ChangingImageTest {
    private static final int LAYERS = 4;
    private static final int SIZE = 1 << 20;

    private final SplittableRandom random = new SplittableRandom();

    @TempDir private Path directory;

    private enum Change {
        TRUNCATED {
            @Override
            void to(Path image, Path other, long position) throws IOException {
                try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                    file.setLength(position);
                }
            }
        },
        GROWN {
            @Override
            void to(Path image, Path other, long position) throws IOException {
                try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                    file.seek(file.length());
                    file.write(new byte[(int) Math.min(position, 100_000)]);
                }
            }
        },
        OVERWRITTEN {
            @Override
            void to(Path image, Path other, long position) throws IOException {
                try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                    file.seek(position);
                    file.write(new byte[(int) Math.min(SIZE / 8, file.length() - position)]);
                }
            }
        },
        REPLACED {
            @Override
            void to(Path image, Path other, long position) throws IOException {
                Files.move(other, image, StandardCopyOption.ATOMIC_MOVE);
            }
        },
        REMOVED {
            @Override
            void to(Path image, Path other, long position) throws IOException {
                Files.delete(image);
            }
        };

        abstract void to(Path image, Path other, long position) throws IOException;
    }

    private static byte[] archive(Packing packing, int seed) throws IOException {
        byte[][] layers = new byte[LAYERS][];
        for (int i = 0; i < LAYERS; i++) {
            byte[] noise = new byte[SIZE];
            new SplittableRandom(seed + i).nextBytes(noise);
            layers[i] = new FileSet().file("noise" + i, noise).tar();
        }
        return image(layers).packed(packing).oci().tar();
    }

    private byte[] output(byte[] image) throws IOException {
        Path file = Files.write(directory.resolve("right.tar"), image);
        Path out = directory.resolve("right-out.tar");
        assertThat(CommandLineRun.of("rootfs", file, out).exitCode()).isZero();
        return Files.readAllBytes(out);
    }

    private void change(Change change, Packing packing, int rounds) throws Exception {
        Workplace place = Workplace.in(Files.createDirectory(directory.resolve("" + packing)));
        byte[] image = archive(packing, 0);
        byte[] other = archive(packing, 100);
        byte[] right = output(image);
        byte[] othersRight = output(other);
        Path file = directory.resolve("image.tar");
        Path otherFile = directory.resolve("other.tar");
        long longest = TimeUnit.MILLISECONDS.toNanos(30);
        for (int i = 0; i < rounds; i++) {
            Files.write(file, image);
            Files.write(otherFile, other);
            long delay = random.nextLong(longest);
            long position = random.nextLong(image.length);
            Thread changing =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    TimeUnit.NANOSECONDS.sleep(delay);
                                    change.to(file, otherFile, position);
                                } catch (IOException | InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            long begun = System.nanoTime();
            Undocker.Result result = CommandLineRun.of(place.arguments(place.fresh(), file));
            longest = System.nanoTime() - begun;
            changing.join();
            String when = "%s after %d ns at %d".formatted(change, delay, position);
            if (result.exitCode() == 0) {
                byte[] written = Files.readAllBytes(place.fresh());
                assertThat(
                                Arrays.equals(written, right)
                                        || change == Change.REPLACED
                                                && Arrays.equals(written, othersRight))
                        .as(when)
                        .isTrue();
                Files.delete(place.fresh());
            } else {
                place.refusal(result);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOutputIsRightOrThereIsNone(Change change) throws Exception {
        change(change, Packing.NONE, 5);
        change(change, Packing.GZIP, 5);
    }

    @ParameterizedTest
    @EnumSource
    @Tag(Endurance.TAG)
    void theOutputIsRightOrThereIsNoneManyTimes(Change change) throws Exception {
        change(change, Packing.NONE, Endurance.scaled(100));
        change(change, Packing.GZIP, Endurance.scaled(20));
    }
}
