package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.image.Digest;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.testing.FailingDirectory;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// What a user sees of an image that is none, or not a whole one: one sentence, exit code 1, and
/// nothing left behind. The failures of single parts have tests of their own; here they go all the
/// way through the command line.
@Timeout(120)
class BadInputTest {
    private static final byte[] BASE =
            layer().dir("etc").file("etc/hosts", "127.0.0.1 localhost").toBytes();
    private static final byte[] TOP =
            layer().file("etc/motd", "hello ".repeat(300)).whiteout("etc/hosts").toBytes();

    @TempDir private Path directory;
    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        place = Workplace.in(directory);
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(directory.resolve("image.tar"), content);
    }

    private Workplace.Refusal refusal(byte[] content) throws IOException {
        Workplace.Refusal refusal = place.refusal(file(content));
        return new Workplace.Refusal(
                refusal.sentence().replace(directory + "/", ""),
                refusal.hint().replace(directory + "/", ""));
    }

    private static String second(byte[] stored) {
        return "layer 2 (%s): ".formatted(Digest.sha256(stored));
    }

    static Stream<Arguments> notImages() {
        return Stream.of(
                arguments("empty file", new byte[0], "image.tar: empty"),
                arguments("text", "hello\n".getBytes(UTF_8), "image.tar: not an image: "),
                arguments("much text", "x".repeat(9999).getBytes(UTF_8), "image.tar: not an image"),
                arguments("zeros", new byte[4096], "image.tar: not an image: "),
                arguments("a root file system", BASE, "image.tar: not an image: "),
                arguments("packed nothing", Packing.GZIP.pack(new byte[0]), "image.tar: empty"),
                arguments("packed text", Packing.ZSTD.pack(new byte[7]), "image.tar: not an image"),
                arguments("lz4", new byte[] {4, 0x22, 0x4d, 0x18, 0x64}, "image.tar: not an image"),
                arguments("bzip2?", "BZh9 no".getBytes(UTF_8), "image.tar: not an image: "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notImages")
    void notAnImage(String name, byte[] content, String sentence) throws IOException {
        assertThat(refusal(content).sentence()).startsWith(sentence);
    }

    @Test
    void whatDockerExportWritesIsExplained() throws IOException {
        assertThat(refusal(BASE).hint()).contains("docker export").contains("docker save");
    }

    @Test
    void noSuchImage() throws IOException {
        assertThat(place.refusal(directory.resolve("none")).sentence())
                .isEqualTo(directory + "/none: no such file or directory");
        assertThat(place.refusal("docker-archive:" + directory + "/none:a:1").sentence())
                .contains("none", "no such file or directory");
    }

    @Test
    void aDirectoryThatIsNoLayout() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThat(place.refusal(empty).sentence()).startsWith(empty + ": not an image: ");
        assertThat(place.refusal("docker-archive:" + empty).sentence())
                .isEqualTo(empty + ": a directory, not a docker-archive");
    }

    /// The last of two layers is broken: what is said after its number and digest.
    static Stream<Arguments> badLayers() {
        return Stream.of(
                bad("random bytes", random(), "malformed tar header: "),
                bad("lz4", new byte[] {4, 0x22, 0x4d, 0x18, 0x64}, ""),
                bad("BZh and junk", "BZh91AY no bzip2 at all".getBytes(UTF_8), ""),
                bad("gzip junk", new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7}, ""),
                bad("checksum", layer().file("a", "x").wrongChecksum(), "malformed tar header: "),
                bad(
                        "size",
                        layer().file("a", "x").patch(124, "x00000000001"),
                        "malformed tar header"),
                bad("negative size", layer().file("a", "x").size(-1), "malformed tar header: "),
                bad("huge size", layer().file("a", "x").size(1L << 40), ""),
                bad(
                        "cut content",
                        Arrays.copyOf(layer().file("a", "x".repeat(600)).toBytes(), 1000),
                        ""),
                bad("cut header", Arrays.copyOf(BASE, 700), ""),
                bad(
                        "PAX record",
                        layer().rawPax("99 path=x\n").file("a", ""),
                        "malformed tar header: PAX"),
                bad(
                        "PAX record without a length",
                        layer().rawPax("x\n").file("a", ""),
                        "malformed tar header: PAX"),
                bad(
                        "PAX size",
                        layer().file("a", "x").pax("size", "1x"),
                        "malformed tar header: PAX"),
                bad("PAX size and no file", layer().rawPax("11 path=ab\n").endBlocks(2), ""),
                bad(
                        "leaves the root",
                        layer().file("../evil", ""),
                        "name leaves the root: ../evil"),
                bad(
                        "leaves it later",
                        layer().file("a/../../evil", ""),
                        "name leaves the root: a/../../evil"),
                bad(
                        "whiteout of nothing",
                        layer().file("etc/.wh.", ""),
                        "etc/.wh.: invalid whiteout"),
                bad("whiteout of .", layer().file("etc/.wh..", ""), "etc/.wh..: invalid whiteout"),
                bad(
                        "whiteout of ..",
                        layer().file("etc/.wh...", ""),
                        "etc/.wh...: invalid whiteout"),
                bad(
                        "link to nothing",
                        layer().hardLink("etc/a", "etc/none"),
                        "etc/a: hard link to etc/none, "),
                bad(
                        "link to a directory",
                        layer().hardLink("etc/a", "etc"),
                        "etc/a: hard link to etc, "),
                bad(
                        "link that leaves",
                        layer().hardLink("etc/a", "../x"),
                        "etc/a: hard link: name leaves the root: ../x"),
                bad("root is a file", layer().file(".", "x"), "the root is not a directory"),
                bad(
                        "root is a link",
                        layer().symlink("./", "/etc"),
                        "the root is not a directory"));
    }

    private static Arguments bad(String name, LayerBuilder layer, String sentence) {
        return bad(name, layer.toBytes(), sentence);
    }

    private static Arguments bad(String name, byte[] layer, String sentence) {
        return arguments(name, layer, sentence);
    }

    private static byte[] random() {
        byte[] bytes = new byte[2000];
        new SplittableRandom(1).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badLayers")
    void layersAreNamed(String name, byte[] layer, String sentence) throws IOException {
        ImageBuilder image = image(BASE, layer);
        byte[] packed = Packing.GZIP.pack(layer);
        assertThat(refusal(image.docker(Dialect.SAVE).tar()).sentence())
                .startsWith(second(layer) + sentence);
        assertThat(refusal(image.oci().tar()).sentence()).startsWith(second(layer) + sentence);
        assertThat(refusal(image.packed(Packing.GZIP).oci().tar()).sentence())
                .startsWith(second(packed) + sentence);
    }

    @Test
    void unknownCompression() throws IOException {
        byte[] lz4 = {4, 0x22, 0x4d, 0x18, 0x64, 0x40, (byte) 0xa7, 0, 0, 0, 0};
        assertThat(refusal(image(BASE, lz4).oci().tar()).hint())
                .isEqualTo("a layer is a tar, as it is or in gzip, zstd, xz or bzip2");
    }

    @ParameterizedTest
    @EnumSource(Packing.class)
    void aLayerOfAnotherContent(Packing packing) throws IOException {
        byte[] other = layer().file("etc/motd", "bye").toBytes();
        ImageBuilder honest = image(BASE, TOP).packed(packing);
        FileSet files = new FileSet();
        String blob = "blobs/sha256/" + Digest.sha256(packing.pack(TOP)).hex();
        for (String name : honest.docker(Dialect.SAVE_BLOBS).names()) {
            byte[] content = honest.docker(Dialect.SAVE_BLOBS).content(name);
            files.file(name, name.equals(blob) ? packing.pack(other) : content);
        }
        assertThat(refusal(files.tar()).sentence())
                .startsWith(second(packing.pack(TOP)))
                .contains("does not match its diffID", Digest.sha256(other).toString());
    }

    @Test
    void noVerifySkipsDigestsOnly() throws IOException {
        byte[] other = layer().file("etc/motd", "bye").toBytes();
        FileSet files = image(BASE, TOP).docker(Dialect.SKOPEO);
        files.remove(Digest.sha256(TOP).hex() + ".tar");
        files.file(Digest.sha256(TOP).hex() + ".tar", other);
        assertThat(refusal(files.tar()).sentence())
                .isEqualTo(
                        second(TOP)
                                + "does not match its diffID %s: it is %s"
                                        .formatted(Digest.sha256(TOP), Digest.sha256(other)));
        Undocker.Result unchecked =
                CommandLineRun.of(
                        place.arguments(place.fresh(), "--no-verify", directory + "/image.tar"));
        assertThat(unchecked.exitCode()).as(unchecked.errors()).isZero();
    }

    @Test
    void missingParts() throws IOException {
        ImageBuilder image = image(BASE, TOP);
        String layer = Digest.sha256(TOP).hex();
        String config = Digest.sha256(image.configJson()).hex();
        assertThat(refusal(image.docker(Dialect.SKOPEO).remove(layer + ".tar").tar()).sentence())
                .contains("layer 2", layer, "missing");
        assertThat(refusal(image.docker(Dialect.SKOPEO).remove(config + ".json").tar()).sentence())
                .contains(config, "missing");
        assertThat(refusal(image.docker(Dialect.SKOPEO).remove("manifest.json").tar()).sentence())
                .startsWith("image.tar: not an image: ");
        assertThat(refusal(image.oci().remove("blobs/sha256/" + layer).tar()).sentence())
                .contains("layer 2", layer, "missing");
        assertThat(refusal(image.oci().remove("blobs/sha256/" + config).tar()).sentence())
                .contains("config", config, "missing");
        assertThat(refusal(image.oci().remove("index.json").tar()).sentence())
                .contains("index.json");
    }

    @Test
    void severalImages() throws IOException {
        byte[] two =
                ImageBuilder.docker(Dialect.SAVE, image(BASE).tag("a:1"), image(TOP).tag("b:2"))
                        .tar();
        Workplace.Refusal refusal = refusal(two);
        assertThat(refusal.sentence()).startsWith("image.tar: ").contains("2 images");
        assertThat(refusal.sentence() + refusal.hint())
                .contains("a:1", "b:2", "docker-archive:image.tar:");
        assertThat(place.refusal("docker-archive:" + directory + "/image.tar:c:3").sentence())
                .contains("c:3");
    }

    @Test
    void otherPlatforms() throws IOException {
        FileSet files =
                ImageBuilder.multiPlatform(
                        false,
                        image(BASE).platform("linux/s390x"),
                        image(TOP).platform("linux/mips64le"));
        Workplace.Refusal refusal = refusal(files.tar());
        assertThat(refusal.sentence() + refusal.hint())
                .contains("linux/s390x", "linux/mips64le", "--platform");
        assertThat(
                        place.refusal("--platform", "linux/riscv64", directory + "/image.tar")
                                .sentence())
                .contains("linux/riscv64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out", "out/", "link"})
    void outIsADirectory(String out) throws IOException {
        Path image = file(image(BASE).oci().tar());
        Files.createDirectory(directory.resolve("out"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("out"));
        Workplace.Refusal refusal =
                place.refusal(CommandLineRun.of("rootfs", image, directory + "/" + out));
        assertThat(refusal.sentence()).isEqualTo(directory + "/" + out + ": is a directory");
        assertThat(directory.resolve("out")).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"none/out.tar", "image.tar/out.tar", "dangling"})
    void outHasNoDirectory(String out) throws IOException {
        Path image = file(image(BASE).oci().tar());
        Files.createSymbolicLink(directory.resolve("dangling"), Path.of("none/out.tar"));
        Workplace.Refusal refusal =
                place.refusal(CommandLineRun.of("rootfs", image, directory + "/" + out));
        assertThat(refusal.sentence())
                .startsWith(directory + "/" + out + ": no such directory: " + directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image.tar", "symbolic", "hard", "outputs/../image.tar"})
    void outIsTheImageItself(String out) throws IOException {
        byte[] content = image(BASE).oci().tar();
        Path image = file(content);
        Files.createSymbolicLink(directory.resolve("symbolic"), image);
        Files.createLink(directory.resolve("hard"), image);
        Workplace.Refusal refusal =
                place.refusal(CommandLineRun.of("rootfs", image, directory + "/" + out));
        assertThat(refusal.sentence()).isEqualTo(directory + "/" + out + ": is the image itself");
        assertThat(image).hasBinaryContent(content);
    }

    @ParameterizedTest
    @CsvSource({"rootfs, --process-file", "dir, --process-file", "nspawn, --trusted-settings"})
    void anotherOutputIsTheImageItself(String writer, String option) throws IOException {
        byte[] content = image(BASE).oci().tar();
        Path image = file(content);
        Workplace.Refusal refusal =
                place.refusal(
                        CommandLineRun.with(
                                EveryWriter.WRITERS, writer, option, image, image, place.fresh()));
        assertThat(refusal.sentence()).isEqualTo(image + ": is the image itself");
        assertThat(image).hasBinaryContent(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.json", "blobs/sha256", "other"})
    void outLiesInTheImage(String name) throws IOException {
        Path layout = image(BASE).oci().directory(directory.resolve("layout"));
        Path out = layout.resolve(name);
        if (Files.isDirectory(out)) {
            try (Stream<Path> blobs = Files.list(out)) {
                out = blobs.sorted().findFirst().orElseThrow();
            }
        } else if (Files.notExists(out)) {
            Files.writeString(out, "somebody's");
        }
        byte[] content = Files.readAllBytes(out);
        Workplace.Refusal refusal = place.refusal(CommandLineRun.of("rootfs", layout, out));
        assertThat(refusal.sentence())
                .isEqualTo(
                        "%s: cannot be replaced: it lies in the image %s".formatted(out, layout));
        assertThat(out).hasBinaryContent(content);
    }

    @Test
    void noTemporaryDirectory() throws IOException {
        Path image = file(image(BASE).packed(Packing.GZIP).oci().tar());
        for (String temporary : List.of("none", "image.tar")) {
            Workplace.Refusal refusal =
                    place.refusal(
                            CommandLineRun.of(
                                    "rootfs",
                                    "--temp-dir",
                                    directory + "/" + temporary,
                                    image,
                                    place.fresh()));
            assertThat(refusal.sentence()).contains(directory + "/" + temporary + ": ");
            assertThat(refusal.hint()).contains("--temp-dir");
        }
    }

    /// Control characters of an image do not reach the terminal.
    @Test
    void namesArePrintable() throws IOException {
        byte[] layer = layer().hardLink("a\033[31m\nb\u00ff", "none").toBytes();
        assertThat(refusal(image(BASE, layer).oci().tar()).sentence())
                .contains("a\\x1b[31m\\x0ab\\xff");
    }

    @Test
    void tracesArePrintable() throws IOException {
        byte[] layer = layer().hardLink("a\033[31m\nundocker: done", "none").toBytes();
        Undocker.Result result =
                CommandLineRun.of(
                        "rootfs",
                        "--verbose",
                        file(image(BASE, layer).oci().tar()),
                        directory.resolve("out"));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).contains("\tat ").doesNotContain("\033");
        // what the image is, what is given up, and what is wrong with it
        assertThat(result.errors().lines().filter(line -> line.startsWith("undocker: ")))
                .hasSize(3);
    }

    /// The beginning says what it is about, the end why.
    @Test
    void longLinesAreCutInTheMiddle() throws IOException {
        String name = "dir/" + "x\ud83d\ude00".repeat(3000);
        Undocker.Result result = CommandLineRun.of("rootfs", name, directory.resolve("out"));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors().lines())
                .allMatch(line -> line.length() <= 1001)
                .noneMatch(line -> line.contains("?"));
        assertThat(result.errors().lines().findFirst().orElseThrow())
                .startsWith("undocker: dir/x\ud83d\ude00x")
                .contains("…")
                .endsWith("x\ud83d\ude00: File name too long");
    }

    @Test
    void traceOnlyWhenAskedFor() throws IOException {
        Undocker.Result result =
                CommandLineRun.of(
                        "rootfs", "--verbose", file(new byte[0]), directory.resolve("out"));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).contains("\tat ");
    }

    @Test
    void aDestinationThatCannotBeRead() throws IOException {
        Path image = image(BASE).oci().tar(directory.resolve("image.tar"));
        try (FailingDirectory failing = FailingDirectory.open()) {
            Undocker.Result result =
                    CommandLineRun.with(
                            List.of(new DirectoryWriter()), "dir", image, failing.path());
            assertThat(place.refusal(result).sentence())
                    .isEqualTo(failing.path() + ": Invalid argument");
        }
    }
}
