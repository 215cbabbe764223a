package dev.undocker.output.cpio;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.TreeListing;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/// The initial RAM file system, as cpio(1) sees it. What the kernel makes of it `BootIT` shows.
class CpioWriterTest implements WriterContract {
    private static final String TIMES = "(?m)^([dl] .*?) @[0-9.]+";

    @TempDir Path directory;

    @Override
    public OutputWriter writer() {
        return new CpioWriter();
    }

    @Override
    public String read(Path destination) throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(destination));
    }

    private String shell(String script) throws Exception {
        Requirements.tool("cpio");
        return Undocker.program(Path.of("/bin/sh"), "-ec", script)
                .in(directory)
                .with("LC_ALL", "C")
                .succeed()
                .text();
    }

    /// All but what the format has no place for, which is said.
    @Test
    void cpioUnpacksWhatTheEntriesSay() throws Exception {
        Requirements.root();
        LayerBuilder all =
                WriterContract.everything()
                        .file("far", "")
                        .owner(4_294_967_294L, 70_000)
                        .mtime(4_000_000_000L);
        try (Flatten flatten = Flatten.of(all)) {
            flatten.write(writer().newSettings(), directory.resolve("image.cpio").toString());
            Path tree = Files.createDirectory(directory.resolve("tree"));
            shell("cd tree && cpio -idm --quiet < ../image.cpio");
            // cpio leaves the tree's own root and times of directories and links alone
            assertThat(TreeListing.of(tree).toString().replaceAll(TIMES, "$1"))
                    .isEqualTo(
                            flatten.listing()
                                    .toString()
                                    .replace("d / 0711 7:8 @9\n", "d /\n")
                                    .replaceAll(TIMES, "$1")
                                    .replaceAll(" @-10\\.5\\d+", "")
                                    .replaceAll(" @(\\d+)\\.\\d+", " @$1")
                                    .replaceAll(" user\\.[a-z]+=\"[^\"]*\"", ""));
            assertThat(flatten.warnings())
                    .containsExactly(
                            "dir: user.dir and 1 more: lost: cpio has no such extended attribute",
                            "before-1970: time: lost: cpio has no such year; the nearest is taken",
                            "dir: time and 1 more: lost: cpio has whole seconds");
        }
    }

    /// The fields in their order: number, mode, owner, group, names, time.
    @Test
    void theRootIsLikeOthers() throws Exception {
        Path image = directory.resolve("image.cpio");
        try (Flatten flatten =
                Flatten.of(layer().dir("./").mode(0711).owner(7, 8).mtime(1_700_000_000))) {
            flatten.write(writer().newSettings(), image.toString());
        }
        assertThat(Files.readString(image))
                .startsWith(
                        "070701"
                                + "00000001"
                                + "000041c9"
                                + "00000007"
                                + "00000008"
                                + "00000002"
                                + "6553f100");
    }

    @Test
    void namesOfAFileSayHowManyTheyAre() throws Exception {
        try (Flatten flatten =
                Flatten.of(layer().file("a", "x").hardLink("b", "a").file("c", ""))) {
            flatten.write(writer().newSettings(), directory.resolve("image.cpio").toString());
        }
        assertThat(shell("cpio -tv --quiet < image.cpio | cut -c1-14"))
                .isEqualTo(
                        """
                        drwxr-xr-x   2
                        -rw-r--r--   2
                        -rw-r--r--   2
                        -rw-r--r--   1
                        """);
    }

    /// The kernel's decoders read one member or frame, and know CRC32 alone in xz.
    @ParameterizedTest
    @CsvSource({"gz,gzip,", "xz,xz,CRC32", "zst,zstd,"})
    void compressions(String suffix, String tool, String check) throws Exception {
        Requirements.tool(tool);
        Path image = directory.resolve("image." + suffix);
        OutputWriter.Settings settings = writer().newSettings();
        settings.validate(image.toString());
        try (Flatten flatten = Flatten.of(layer().file("f", "x".repeat(10_000)))) {
            flatten.write(settings, image.toString());
        }
        assertThat(shell(tool + " -dc < " + image + " | cpio -t --quiet")).isEqualTo(".\nf\n");
        if (check != null) {
            assertThat(shell("xz --robot -l " + image)).contains("\t" + check + "\t");
        }
    }

    @Test
    void refusesANameThatPromisesSomethingElse() {
        OutputWriter.Settings settings = writer().newSettings();
        assertThatThrownBy(() -> settings.validate("image.bz2"))
                .hasMessage("image.bz2: .bz2 is not the name of a format that is written here");
        assertThatThrownBy(() -> settings.validate("image.tar.gz"))
                .hasMessage("image.tar.gz: .gz is not the name of a format that is written here");
        settings.validate("initrd.img");
        CommandOptions.read(settings::declare, "--compress", "none");
        assertThatThrownBy(() -> settings.validate("image.gz"))
                .hasMessage("--compress none: image.gz is a name for gzip");
    }

    @Test
    void refusesWhatTheKernelWouldSkip() throws IOException {
        assertRefuses(layer().file("TRAILER!!!", ""), "is what an archive of cpio ends with");
        assertRefuses(
                layer().file("d/".repeat(2048) + "f", ""),
                "the kernel takes no name of that length");
    }

    @Test
    void refusesWhatIsTooLarge() throws IOException {
        Inode large =
                new Inode.RegularFile(
                        new Metadata(0644, 0, 0, 0, 0, List.of()),
                        new Content.Sparse(List.of(), 1L << 32));
        try (Flatten flatten = Flatten.of(layer());
                RootfsSink sink =
                        flatten.open(writer().newSettings(), directory.resolve("out").toString())) {
            sink.accept(new RootfsEntry.Node(RootfsPath.of("f"), large));
            assertThatThrownBy(sink::finish)
                    .hasMessage("f: is larger than 4 GiB, which no initial RAM file system holds");
        }
    }

    private void assertRefuses(LayerBuilder layer, String reason) throws IOException {
        try (Flatten flatten = Flatten.of(layer)) {
            assertThatThrownBy(() ->
                            flatten.write(
                                    writer().newSettings(), directory.resolve("out").toString()))
                    .isInstanceOf(UndockerException.class)
                    .hasMessageEndingWith(": " + reason);
        }
        assertThat(directory).isEmptyDirectory();
    }
}
