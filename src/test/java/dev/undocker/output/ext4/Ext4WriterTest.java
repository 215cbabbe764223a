package dev.undocker.output.ext4;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.image.Digest;
import dev.undocker.output.OutputWriter;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.LoopMount;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The ext4, as the kernel and e2fsck(8) see it.
class Ext4WriterTest implements WriterContract {
    @TempDir Path directory;

    @BeforeEach
    void needs() {
        Requirements.tools("mke2fs", "debugfs", "fakeroot");
    }

    @Override
    public OutputWriter writer() {
        return new Ext4Writer();
    }

    @Override
    public String read(Path destination) throws IOException {
        return Digest.sha256(Files.readAllBytes(destination)).toString();
    }

    private void check(Path image) throws Exception {
        Undocker.program(Requirements.tool("e2fsck"), "-fn", image).succeed();
    }

    @Test
    void theKernelSeesWhatTheEntriesSay() throws Exception {
        String capability = "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        LayerBuilder all =
                WriterContract.everything()
                        .file("far", "")
                        .owner(4_294_967_294L, 70_000)
                        .mtime(9_000_000_000L, 7)
                        .file("late", "")
                        .mtime(20_000_000_000L)
                        .file("the \"best\" \\ one", "")
                        .xattr("security.capability", capability)
                        .xattr("trusted.x", "t")
                        .xattr("user.a \"b\"", "x".repeat(1000))
                        .file("foreign", "")
                        .xattr("com.apple.x", "x");
        Path image = directory.resolve("image");
        try (Flatten flatten = Flatten.of(all)) {
            flatten.write(writer().newSettings(), image.toString());
            check(image);
            assertThat(
                            LoopMount.listing(image, "loop,ro,noload")
                                    .toString()
                                    .replaceAll("(?m)^d lost\\+found .*\n", ""))
                    .isEqualTo(
                            flatten.listing()
                                    .toString()
                                    .replace(" @20000000000", " @15032385535")
                                    .replace(" com.apple.x=\"x\"", ""));
            assertThat(flatten.warnings())
                    .containsExactly(
                            "foreign: com.apple.x: lost: ext4 has no such extended attribute",
                            "late: time: lost: ext4 has no such year; the nearest is taken");
        }
    }

    /// Times of access and change are not those of the making.
    @Test
    void nothingButTheImageCounts() throws Exception {
        Path image = directory.resolve("image");
        try (Flatten flatten = Flatten.of(layer().file("f", "x").symlink("l", "f"))) {
            flatten.write(writer().newSettings(), image.toString());
        }
        for (int inode = 11; inode < 14; inode++) {
            String said =
                    Undocker.program(
                                    Requirements.tool("debugfs"),
                                    "-R",
                                    "stat <%d>".formatted(inode),
                                    image)
                            .succeed()
                            .text();
            assertThat(said.lines().filter(line -> line.matches(" *(a|c|cr)time: .*")))
                    .hasSize(3)
                    .allMatch(line -> line.contains("time: 0x00000001:00000000"));
        }
    }

    /// It is what debugfs says of a time that it cannot read.
    @Test
    void theLastSecondBefore1970() throws Exception {
        Path image = directory.resolve("image");
        LayerBuilder layer = layer().dir("./").mtime(-1).file("f", "").mtime(-1, 500_000_000);
        try (Flatten flatten = Flatten.of(layer)) {
            flatten.write(writer().newSettings(), image.toString());
            check(image);
            assertThat(LoopMount.listing(image, "loop,ro,noload").toString())
                    .startsWith("d / @-1\nf f \"\" @-1.500000000\n");
        }
    }

    @Test
    void thereIsRoom() throws Exception {
        LayerBuilder many = layer();
        for (int i = 0; i < 500; i++) {
            many.file("d/a name of some length " + i, i % 3 == 0 ? "" : "x".repeat(i));
        }
        many.file("large", "0123456789abcdef".repeat(1 << 19));
        Path image = directory.resolve("image");
        try (Flatten flatten = Flatten.of(many)) {
            flatten.write(writer().newSettings(), image.toString());
        }
        check(image);
        assertThat(Files.size(image)).isBetween(20L << 20, 30L << 20);
        assertThat(blocks(image)).isLessThan((16L << 20) / 512);
    }

    private static long blocks(Path file) throws Exception {
        return Long.parseLong(
                Undocker.program(Requirements.tool("stat"), "-c", "%b", file)
                        .succeed()
                        .text()
                        .strip());
    }

    @Test
    void sizes() throws Exception {
        Path image = directory.resolve("image");
        OutputWriter.Settings settings = writer().newSettings();
        CommandOptions.read(settings::declare, "--size", "40Mi");
        try (Flatten flatten = Flatten.of(layer().file("f", "x"))) {
            flatten.write(settings, image.toString());
        }
        check(image);
        assertThat(Files.size(image)).isEqualTo(40 << 20);
        CommandOptions.read(settings::declare, "--size", "4M");
        try (Flatten flatten = Flatten.of(layer().file("f", "x"))) {
            assertThatThrownBy(() -> flatten.write(settings, image.toString()))
                    .isInstanceOf(UndockerException.class)
                    .hasMessageMatching(image + ": --size: is too small: \\d+ KiB are needed");
        }
        CommandOptions.read(settings::declare, "--size", "4X");
        assertThatThrownBy(() -> settings.validate(image.toString()))
                .hasMessage("--size 4X: not a number of bytes, such as 10G or 10Gi");
    }

    /// What debugfs cannot be told is said.
    @Test
    void namesOnTwoLines() throws Exception {
        Path image = directory.resolve("image");
        try (Flatten flatten = Flatten.of(layer().file("a\nb", "x").xattr("user.x", "y"))) {
            flatten.write(writer().newSettings(), image.toString());
            check(image);
            assertThat(flatten.warnings()).hasSize(1).allMatch(w -> w.contains("attributes"));
        }
    }

    @Test
    void refusesSizesThatNoFileHas() {
        OutputWriter.Settings settings = writer().newSettings();
        CommandOptions.read(settings::declare, "--size", "17T");
        assertThatThrownBy(() -> settings.validate(directory.resolve("x").toString()))
                .hasMessage("--size 17T: an ext4 is made up to 16T");
    }

    @Test
    void refusesAFileInThePlaceOfItsOwnDirectory() throws Exception {
        try (Flatten flatten = Flatten.of(layer().file("lost+found", ""))) {
            assertThatThrownBy(() ->
                            flatten.write(
                                    writer().newSettings(), directory.resolve("image").toString()))
                    .hasMessage(
                            "lost+found: is a directory in every ext4, and no directory in the"
                                    + " image");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesNamesOfOtherFormats() {
        for (String name : new String[] {"x.tar.gz", "x.zip", "x.squashfs"}) {
            assertThatThrownBy(() ->
                            writer().newSettings().validate(directory.resolve(name).toString()))
                    .hasMessageEndingWith("is not the name of a format that is written here");
        }
    }
}
