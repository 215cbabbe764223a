package dev.undocker.output.tar;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Listing;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.TreeListing;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The flattened tar, as other programs see it.
class RootfsWriterTest implements WriterContract {
    @TempDir Path directory;

    @Override
    public OutputWriter writer() {
        return new RootfsWriter();
    }

    @Override
    public String read(Path destination) throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(destination));
    }

    private Path write(LayerBuilder... layers) throws IOException {
        Path tar = directory.resolve("rootfs.tar");
        try (Flatten flatten = Flatten.of(layers)) {
            flatten.write(writer().newSettings(), tar.toString());
        }
        return tar;
    }

    private Undocker.Result run(String tool, Object... arguments)
            throws IOException, InterruptedException {
        Undocker.Result result =
                Undocker.program(Requirements.tool(tool), arguments)
                        .in(directory)
                        .with("LC_ALL", "C")
                        .run();
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result;
    }

    @Test
    void gnuTarExtractsWhatTheEntriesSay() throws Exception {
        Requirements.root();
        Path tar = write(WriterContract.everything());
        Path tree = Files.createDirectory(directory.resolve("tree"));
        run(
                "tar",
                "-x",
                "--xattrs",
                "--xattrs-include=*",
                "--numeric-owner",
                "--warning=no-timestamp",
                "-p",
                "-f",
                tar,
                "-C",
                tree);
        assertThat(TreeListing.of(tree).toString())
                .isEqualTo(Listing.ofTar(Files.readAllBytes(tar)).toString());
    }

    /// A tar whose directories come in one piece needs neither root nor an option of tar's.
    @Test
    void directoriesKeepModeAndTimeWhateverLayersAddToThem() throws Exception {
        Path tar =
                write(
                        layer().dir("ro").mode(0555).mtime(1000).file("ro/a", "").file("z", ""),
                        layer().file("ro/new", "x"));
        assertThat(run("tar", "-tf", tar).text()).isEqualTo("./\nro/\nro/a\nro/new\nz\n");
        Path tree = Files.createDirectory(directory.resolve("tree"));
        run("tar", "-x", "-f", tar, "-C", tree);
        assertThat(TreeListing.of(tree).toString()).contains("d ro 0555", "@1000\n", "f ro/new");
    }

    @Test
    void gnuTarListsIt() throws Exception {
        Path tar =
                write(
                        layer().dir("d/")
                                .mode(01777)
                                .owner(4294967294L, 3)
                                .file("d/f", "12345")
                                .mode(06755)
                                .owner(2097152, 2097151)
                                .hardLink("d/h", "d/f")
                                .symlink("l", "../x")
                                .charDevice("c", 5, 1)
                                .blockDevice("b", 8, 17)
                                .fifo("p"));
        assertThat(run("tar", "--numeric-owner", "--utc", "-tvf", tar).text())
                .isEqualToNormalizingWhitespace(
                        """
                        drwxr-xr-x 0/0 0 1970-01-01 00:00 ./
                        drwxrwxrwt 4294967294/3 0 1970-01-01 00:00 d/
                        -rwsr-sr-x 2097152/2097151 5 1970-01-01 00:00 d/f
                        hrwsr-sr-x 2097152/2097151 0 1970-01-01 00:00 d/h link to d/f
                        lrwxrwxrwx 0/0 0 1970-01-01 00:00 l -> ../x
                        crw-r--r-- 0/0 5,1 1970-01-01 00:00 c
                        brw-r--r-- 0/0 8,17 1970-01-01 00:00 b
                        prw-r--r-- 0/0 0 1970-01-01 00:00 p
                        """);
    }

    @Test
    void busyboxExtractsWhatFitsIntoUstar() throws Exception {
        Requirements.root();
        Path tar =
                write(
                        layer().dir("d")
                                .mode(01777)
                                .owner(1, 2)
                                .mtime(5)
                                .file("d/f", "content")
                                .mode(04755)
                                .mtime(6)
                                .hardLink("h", "d/f")
                                .symlink("l", "d/f")
                                .charDevice("c", 1, 3));
        Path tree = Files.createDirectory(directory.resolve("tree"));
        run("busybox", "tar", "-x", "-p", "-f", tar, "-C", tree);
        String extracted = TreeListing.of(tree).toString();
        assertThat(extracted)
                .contains("d d 1777 1:2")
                .contains("f d/f \"content\" 4755 @6 = d/f")
                .contains("f h \"content\" 4755 @6 = d/f")
                .contains("c c 1:3")
                .contains("l l -> d/f");
    }

    @Test
    void commonsCompressReadsIt() throws IOException {
        Path tar = write(WriterContract.everything());
        List<String> names = new ArrayList<>();
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(
                        new ByteArrayInputStream(Files.readAllBytes(tar)), "UTF-8")) {
            for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                names.add(e.getName());
                if (e.getName().equals("dir/file")) {
                    assertThat(e.isFile()).isTrue();
                    assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                            .isEqualTo("content");
                    assertThat(e.getLastModifiedTime().toInstant())
                            .hasToString("2023-11-14T22:13:20.123456789Z");
                    assertThat(e.getMode() & 07777).isEqualTo(04755);
                }
                if (e.getName().equals("another")) {
                    assertThat(e.isLink()).isTrue();
                    assertThat(e.getLinkName()).isEqualTo("dir/file");
                }
            }
        }
        assertThat(names)
                .contains(
                        "./",
                        "dir/",
                        "long".repeat(30) + "/" + "er".repeat(60) + "/file",
                        "n".repeat(255),
                        "-option");
    }

    @Test
    void namesStayBytes() throws Exception {
        String odd = "\u00ff\u00fe/" + "\u00e9".repeat(200) + "\n";
        Path tar = write(layer().file(odd, ""));
        byte[] listed = run("tar", "--quoting-style=literal", "-tf", tar).output();
        assertThat(new String(listed, StandardCharsets.ISO_8859_1))
                .isEqualTo("./\n\u00ff\u00fe/\n" + odd + "\n");
    }

    @Test
    void aRawTarThatHasNoRoomIsNotBegun() throws Exception {
        Requirements.root();
        Path mount = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "none", mount);
        try (Flatten flatten = Flatten.of(layer().file("f", "x".repeat(2 << 20)))) {
            OutputWriter.Settings settings = writer().newSettings();
            assertThatThrownBy(() -> flatten.open(settings, mount.resolve("out.tar").toString()))
                    .isInstanceOf(UndockerException.class)
                    .hasMessageMatching(".*out.tar: not enough space: 209.* needed, .* free");
            assertThat(mount).isEmptyDirectory();
        } finally {
            run("umount", mount);
        }
    }

    /// A directory opens as a file, and cannot be read as one.
    @Test
    void whatCannotBeReadIsNotTheOutputsFailure() throws IOException {
        try (FileChannel unreadable = FileChannel.open(directory, StandardOpenOption.READ);
                Flatten flatten = Flatten.of(layer().dir("d"))) {
            Metadata metadata = new Metadata(0644, 0, 0, 0, 0, List.of());
            Content content = new Content.Plain(unreadable, 0, 10);
            RootfsEntry file =
                    new RootfsEntry.Node(
                            RootfsPath.of("f"), new Inode.RegularFile(metadata, content));
            for (OutputWriter writer : List.of(writer(), new DirectoryWriter())) {
                String out = directory.resolve(writer.name()).toString();
                try (RootfsSink sink = flatten.open(writer.newSettings(), out)) {
                    assertThatThrownBy(
                                    () -> {
                                        sink.accept(file);
                                        sink.finish();
                                    })
                            .isInstanceOf(UndockerException.class)
                            .hasMessage("the image: cannot be read: Is a directory");
                }
            }
        }
    }
}
