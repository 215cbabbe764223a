package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Confined;
import dev.undocker.testing.Endurance;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LayerBuilder;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Small images that would fill a disk, the memory or a day. Each run has 256 MB of memory, caches
/// of the kernel included: it is refused with a sentence, or done.
class BombIT {
    private static final int MEMORY = 256;

    /// Far more than any of them takes, far less than what they are made for.
    private static final double SECONDS = 60;

    @TempDir private Path directory;
    private Path outputs;

    @BeforeEach
    void makeOutputs() throws IOException {
        outputs = Files.createDirectory(directory.resolve("outputs"));
    }

    private void refused(String why, String hint, Path bomb, Object... options) throws Exception {
        String errors = refused(bomb, options);
        assertThat(errors).startsWith("undocker: ").contains(why);
        assertThat(errors.lines().skip(1)).allMatch(line -> line.equals("hint: " + hint));
    }

    /// @return the words of it
    private String refused(Path bomb, Object... options) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("rootfs", "--no-sync"));
        arguments.addAll(Arrays.asList(options));
        arguments.addAll(List.of(bomb, outputs.resolve("out")));
        Confined run = Confined.run(MEMORY, arguments.toArray());
        assertThat(run.result().exitCode()).as(run.result().errors()).isEqualTo(1);
        assertThat(outputs).isEmptyDirectory();
        assertThat(run.cpuSeconds()).isLessThan(SECONDS);
        return run.result().errors();
    }

    private static String more(String option) {
        return "if that is right, allow more with " + option;
    }

    private Path archive(byte[]... layers) throws IOException {
        return image(layers).docker(Dialect.SKOPEO).tar(directory.resolve("image.tar"));
    }

    private Path packed(Packing packing, LayerBuilder layer) throws IOException {
        return image(layer.toBytes()).packed(packing).oci().tar(directory.resolve("image.tar"));
    }

    /// A layout whose one layer is the same packed bytes again and again. That its diffID is wrong
    /// would be found at its end.
    private Path repeated(byte[] packed, int times) throws IOException {
        Path file = directory.resolve("image.tar");
        FileSet files = image(layer().toBytes()).docker(Dialect.SKOPEO);
        String stored =
                files.names().stream()
                        .filter(name -> name.endsWith(".tar"))
                        .findFirst()
                        .orElseThrow();
        byte[] whole = new byte[Math.multiplyExact(packed.length, times)];
        for (int at = 0; at < whole.length; at += packed.length) {
            System.arraycopy(packed, 0, whole, at, packed.length);
        }
        files.remove(stored).file(stored, whole).tar(file);
        return file;
    }

    /// Nothing of the hundred gigabytes has to be there to be refused.
    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD", "XZ"})
    void aSizeThatIsClaimedIsEnough(Packing packing) throws Exception {
        refused(
                "unpacked, it has more than 20000000000 bytes",
                more("--max-size"),
                packed(packing, layer().file("f", "").size(100_000_000_000L)));
    }

    /// Holes take no room in the image, and none is left for them.
    @Test
    void anExabyteOfHolesIsRefused() throws Exception {
        LayerBuilder bomb =
                layer().file("f", "")
                        .pax("GNU.sparse.size", "900000000000000000")
                        .pax("GNU.sparse.numblocks", "1")
                        .pax("GNU.sparse.map", "0,0");

        refused(
                "unpacked, it has more than 20000000000 bytes",
                more("--max-size"),
                packed(Packing.NONE, bomb));
    }

    /// What follows the end of a tar is decoded too.
    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD", "XZ", "BZIP2"})
    void whatFollowsTheEndCounts(Packing packing) throws Exception {
        refused(
                "unpacked, it has more than 2000000 bytes",
                more("--max-size"),
                packed(packing, layer().file("f", "").trailer(new byte[4 << 20])),
                "--max-size",
                "2M");
    }

    @Test
    void anArchiveThatIsCompressedCountsToo() throws Exception {
        Path file = directory.resolve("image.tar.gz");
        Files.write(
                file,
                ImageBuilder.gzip(
                        image(layer().file("f", "\0".repeat(4 << 20)).toBytes())
                                .docker(Dialect.SAVE)
                                .tar()));

        refused(
                "image.tar.gz: unpacked, it has more than 2000000 bytes",
                more("--max-size"),
                file,
                "--max-size",
                "2M");
    }

    @Test
    void theLimitsCanBeRaised() throws Exception {
        LayerBuilder holes =
                layer().file("f", "")
                        .pax("GNU.sparse.size", "21000000000")
                        .pax("GNU.sparse.numblocks", "1")
                        .pax("GNU.sparse.map", "0,0");

        Confined run =
                Confined.run(
                        MEMORY,
                        "dir",
                        "--no-sync",
                        "--max-size",
                        "21G",
                        packed(Packing.GZIP, holes),
                        outputs.resolve("out"));

        assertThat(run.result().exitCode()).as(run.result().errors()).isZero();
        assertThat(Files.size(outputs.resolve("out/f"))).isEqualTo(21_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(chars = {'x', 'L', 'K'})
    void aRecordOfAGigabyteIsRefused(char type) throws Exception {
        refused(
                "extended header of 1073741824 bytes",
                "a layer is a tar, as it is or in gzip, zstd, xz or bzip2",
                packed(Packing.GZIP, layer().member(type, "x").size(1 << 30)));
    }

    @Test
    void tenThousandLevelsAreRefused() throws Exception {
        String errors = refused(packed(Packing.GZIP, layer().file("a/".repeat(10_000) + "f", "")));

        assertThat(errors).contains("name of 20001 bytes is too long");
    }

    /// One layer that is named in many ways, of which each means a thousand directories.
    @Test
    void directoriesThatNobodyDescribesCount() throws Exception {
        LayerBuilder deep = layer();
        for (int i = 0; i < 200; i++) {
            deep.file(i + "/" + "a/".repeat(1000) + "f", "");
        }

        refused(
                "more than 100000 names",
                more("--max-entries"),
                packed(Packing.GZIP, deep),
                "--max-entries",
                "100000");
    }

    /// The same where only a link's text is long.
    @Test
    void directoriesBehindLinksCount() throws Exception {
        LayerBuilder deep = layer();
        for (int i = 0; i < 200; i++) {
            deep.symlink("l" + i, i + "/" + "a/".repeat(1000)).file("l" + i + "/f", "");
        }

        refused(
                "more than 100000 names",
                more("--max-entries"),
                packed(Packing.GZIP, deep),
                "--max-entries",
                "100000");
    }

    /// One blob can be a thousand layers.
    @Test
    void repeatedLayersCount() throws Exception {
        LayerBuilder layer = layer();
        for (int i = 0; i < 1000; i++) {
            layer.file("f" + i, "");
        }
        byte[][] layers = new byte[200][];
        Arrays.fill(layers, layer.toBytes());

        refused(
                "more than 100000 names",
                more("--max-entries"),
                archive(layers),
                "--max-entries",
                "100000");
    }

    @Test
    void tooManyLayersAreRefused() throws Exception {
        byte[][] layers = new byte[2000][];
        Arrays.fill(layers, layer().file("f", "").toBytes());

        assertThat(refused(archive(layers))).contains("2000 layers, more than the 1000");
    }

    @Test
    void aGigabyteOfJsonIsNotRead() throws Exception {
        Path layout =
                image(layer().file("f", "").toBytes()).oci().directory(directory.resolve("l"));
        try (RandomAccessFile index =
                new RandomAccessFile(layout.resolve("index.json").toFile(), "rw")) {
            index.setLength(1 << 30);
        }

        assertThat(refused(layout)).contains("1073741824 bytes, more than the 4194304");
    }

    @Test
    void nestedValuesAreRefused() throws Exception {
        Path file = directory.resolve("image.tar");
        new FileSet().file("manifest.json", "[".repeat(100_000)).tar(file);

        assertThat(refused(file)).contains("not valid JSON");
    }

    /// What an image says of its process can be long; every writer takes it as it is, or refuses
    /// it.
    @ParameterizedTest
    @ValueSource(strings = {"lxcconfig", "nspawn", "incus", "bundle"})
    void aHundredThousandOfEachAreBounded(String writer) throws Exception {
        int count = 100_000;
        Map<String, String> labels = new LinkedHashMap<>();
        List<String> variables = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels.put("l" + i, "x");
            variables.add("V" + i + "=x");
        }
        Path file =
                image(layer().file("a", "").mode(0755).toBytes())
                        .config("Env", variables)
                        .config("Labels", labels)
                        .config("Cmd", List.of("/a"))
                        .docker(Dialect.SAVE)
                        .tar(directory.resolve("image.tar"));

        Confined run = Confined.run(MEMORY, writer, "--no-sync", file, outputs.resolve("out"));

        assertThat(run.result().exitCode()).as(run.result().errors()).isLessThanOrEqualTo(1);
        assertThat(run.result().errors().length()).isLessThan(1 << 20);
        assertThat(run.cpuSeconds()).isLessThan(10);
    }

    /// A hundred gigabytes in a hundred files of one layer.
    @Tag(Endurance.TAG)
    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD", "XZ"})
    void aHundredGigabytesAreNotUnpacked(Packing packing) throws Exception {
        int size = 100 << 20;
        byte[] member = layer().file("f", "\0".repeat(size)).endBlocks(0).toBytes();

        refused(
                "unpacked, it has more than %d bytes"
                        .formatted(Endurance.scaled(2) * 1_000_000_000L),
                more("--max-size"),
                repeated(packing.pack(member), 1000),
                "--max-size",
                Endurance.scaled(2) + "G");
    }

    /// More than the memory holds, whichever of the limits is met first.
    @Tag(Endurance.TAG)
    @Test
    void tenMillionNamesAreTooMany() throws Exception {
        LayerBuilder many = layer();
        for (int i = 0; i < 10_000; i++) {
            many.file("f" + i, "");
        }
        byte[] packed = Packing.ZSTD.pack(many.endBlocks(0).toBytes());

        assertThat(refused(repeated(packed, 1001 * Endurance.scaled(1))))
                .containsAnyOf("more than 10000000 names", "out of memory: Java heap space");
    }

    @Tag(Endurance.TAG)
    @Test
    void aMillionWhiteoutsAreDone() throws Exception {
        int count = Endurance.scaled(500_000);
        LayerBuilder base = layer();
        LayerBuilder top = layer();
        for (int i = 0; i < count; i++) {
            if (i < 1000) {
                base.file("d/f" + i, "");
            }
            top.whiteout("d/f" + i);
        }

        Confined run =
                Confined.run(
                        MEMORY,
                        "rootfs",
                        "--no-sync",
                        image(base.toBytes(), top.toBytes())
                                .packed(Packing.ZSTD)
                                .oci()
                                .tar(directory.resolve("image.tar")),
                        outputs.resolve("out"));

        assertThat(run.result().exitCode()).as(run.result().errors()).isZero();
        assertThat(run.cpuSeconds()).isLessThan(SECONDS);
    }
}
