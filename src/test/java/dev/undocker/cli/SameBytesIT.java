package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The same image gives the same bytes in whatever form it comes, at any time and place, with any
/// number of threads; and what comes out is what other programs read.
@Timeout(180)
class SameBytesIT {
    private static final int LAYERS = 7;

    /// Newer than any `SOURCE_DATE_EPOCH` here.
    private static final long TIME = 1_700_000_000;

    @TempDir private Path directory;
    private ImageBuilder image;
    private byte[] expected;

    @BeforeEach
    void convertOnce() throws Exception {
        List<byte[]> layers = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            layers.add(
                    layer().dir("d" + i)
                            .mtime(TIME + i, 123_456_789)
                            .file("d" + i + "/f", ("layer " + i).repeat(10_000 * (LAYERS - i)))
                            .mtime(TIME)
                            .file("\u00ff" + i, "latin")
                            .file("all", "number " + i)
                            .xattr("user.x", "\0\n=")
                            .hardLink("d" + i + "/link", "all")
                            .toBytes());
        }
        image = image(layers.toArray(byte[][]::new)).tag("test:1");
        expected = output(image.docker(Dialect.SAVE).tar(directory.resolve("image.tar")));
    }

    private byte[] output(Object... options) throws Exception {
        return output(Undocker.command(words(options)));
    }

    private static Object[] words(Object... options) {
        List<Object> words = new ArrayList<>(List.of("rootfs"));
        words.addAll(List.of(options));
        words.add("-");
        return words.toArray();
    }

    private byte[] output(Undocker undocker) throws IOException, InterruptedException {
        Undocker.Result result = undocker.run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.errors()).isEmpty();
        return result.output();
    }

    @Test
    void inEveryForm() throws Exception {
        for (Dialect dialect : Dialect.values()) {
            assertSame(output(image.docker(dialect).tar(directory.resolve("docker.tar"))));
        }
        for (Packing packing : Packing.values()) {
            ImageBuilder packed = image.packed(packing);
            assertSame(output(packed.oci().tar(directory.resolve("oci.tar"))));
            Path whole = directory.resolve("whole");
            Files.write(whole, packing.pack(image.oci().tar()));
            assertSame(output(Undocker.command(words("-")).reading(whole)));
        }
        assertSame(output(image.oci().directory(directory.resolve("layout"))));
        assertSame(output(directory.resolve("whole")));
        Process cat =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "cat \"$0\" | \"$1\" rootfs - out.tar",
                                directory.resolve("image.tar").toString(),
                                Undocker.launcher().toString())
                        .directory(directory.toFile())
                        .inheritIO()
                        .start();
        assertThat(cat.waitFor()).isZero();
        assertSame(Files.readAllBytes(directory.resolve("out.tar")));
    }

    @Test
    void inEverySurrounding() throws Exception {
        Path packed = image.packed(Packing.ZSTD).oci().tar(directory.resolve("oci.tar"));
        for (int threads : List.of(1, 2, 7)) {
            assertSame(output("--threads", threads, packed));
        }
        assertSame(output(Undocker.command(words(packed)).with("TZ", "America/St_Johns")));
        for (String locale : List.of("C", "tr_TR.UTF-8")) {
            assertSame(output(Undocker.command(words(packed)).with("LC_ALL", locale)));
        }
        assertSame(output("--no-verify", packed));
    }

    private void assertSame(byte[] actual) {
        // not isEqualTo: two megabytes of difference help nobody
        assertThat(Arrays.mismatch(actual, expected)).isEqualTo(-1);
    }

    @Test
    void sourceDateEpochLowersTimes() throws Exception {
        Path tar = directory.resolve("image.tar");
        byte[] lowered =
                output(
                        Undocker.command(words(tar))
                                .with("SOURCE_DATE_EPOCH", String.valueOf(TIME - 1)));
        assertThat(times(lowered)).containsOnly(0L, TIME - 1);
        byte[] high =
                output(
                        Undocker.command(words(tar))
                                .with("SOURCE_DATE_EPOCH", String.valueOf(TIME * 2)));
        assertSame(high);
        Undocker.Result wrong =
                Undocker.command(words(tar)).with("SOURCE_DATE_EPOCH", "yesterday").run();
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.errors()).startsWith("undocker: SOURCE_DATE_EPOCH: yesterday");
    }

    private static List<Long> times(byte[] bytes) throws IOException {
        List<Long> times = new ArrayList<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new ByteArrayInputStream(bytes))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                times.add(entry.getLastModifiedTime().to(TimeUnit.SECONDS));
            }
        }
        return times;
    }

    @ParameterizedTest
    @CsvSource({"gzip,out.tar.gz,out.tgz", "xz,out.tar.xz,out.txz", "zstd,out.tar.zst,out.tzst"})
    void encoded(String tool, String name, String alias) throws Exception {
        Requirements.tools(tool, "tar", "busybox");
        Path image = directory.resolve("image.tar");
        Path out = directory.resolve(name);
        output(Undocker.command("rootfs", "--threads", 1, image, out));
        output(Undocker.command("rootfs", "--threads", 3, image, directory.resolve(alias)));
        byte[] bytes = output("--compress", tool, image);
        assertThat(Arrays.mismatch(Files.readAllBytes(out), bytes)).isEqualTo(-1);
        assertThat(Files.mismatch(out, directory.resolve(alias))).isEqualTo(-1);
        output(Undocker.program(Path.of(tool), "--test", "--quiet", out));
        assertSame(output(Undocker.program(Path.of(tool), "--decompress", "--stdout", out)));
        List<String> lister = List.of("tar", "--list", "--file");
        assertThat(listing(lister, out)).isEqualTo(listing(lister, tarOf(expected)));
        if (!tool.equals("zstd")) {
            // busybox has no zstd
            lister = List.of("busybox", "tar", tool.equals("gzip") ? "-tzf" : "-tJf");
            List<String> plain = List.of("busybox", "tar", "-tf");
            assertThat(listing(lister, out)).isEqualTo(listing(plain, tarOf(expected)));
        }
    }

    private Path tarOf(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("expected.tar"), bytes);
    }

    private byte[] listing(List<String> command, Path file) throws Exception {
        Object[] arguments = Stream.concat(command.stream().skip(1), Stream.of(file)).toArray();
        return output(Undocker.program(Path.of(command.getFirst()), arguments));
    }
}
