package dev.undocker.source;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.Image;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

@Timeout(60)
class LocalImagesTest {
    private static final byte[] BASE = new FileSet().file("a", "base").tar();
    private static final ImageBuilder ONE = image(BASE);

    @TempDir Path directory;

    private Opener opener() {
        return Opener.in(directory);
    }

    private static void run(Object... command) throws IOException, InterruptedException {
        List<String> words = Arrays.stream(command).map(Object::toString).toList();
        Process process = new ProcessBuilder(words).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", words)).isZero();
    }

    @Test
    void theKindIsFoundByContent() throws IOException {
        Path docker = ONE.docker(Dialect.SAVE).tar(directory.resolve("one"));
        Path blobs = ONE.docker(Dialect.SAVE_BLOBS).tar(directory.resolve("two"));
        Path archive = ONE.oci().tar(directory.resolve("three"));
        Path layout = ONE.oci().directory(directory.resolve("four"));
        for (Path path : List.of(docker, blobs, archive, layout)) {
            try (Image image = opener().open(path.toString())) {
                Opener.assertLayers(image, BASE);
                assertThat(image.name()).isEqualTo(path.getFileName().toString());
            }
        }
    }

    @Test
    void dockersOwnManifestPrevailsOverItsLayout() throws IOException {
        FileSet files = ONE.tag("busybox:1").docker(Dialect.SAVE_BLOBS);
        files.edit("index.json", text -> "no JSON");
        try (Image image = opener().open(files)) {
            assertThat(image.name()).isEqualTo("busybox:1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "image.tar,image",
        "image.tar.gz,image",
        "image.tgz,image",
        "my.image.tar.zst,my.image",
        "image.oci.tar,image.oci",
        "image,image",
        ".tar,image"
    })
    void anImageWithoutANameTakesTheFiles(String file, String name) throws IOException {
        ONE.oci().tar(directory.resolve(file));
        try (Image image = opener().open(directory + "/" + file)) {
            assertThat(image.name()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "xz", "zstd", "bzip2"})
    void aWholeFileMayBeCompressed(String tool) throws Exception {
        Requirements.tool(tool);
        Path plain = ONE.oci().tar(directory.resolve("image.tar"));
        Path packed = directory.resolve("packed");
        Process process =
                new ProcessBuilder(tool, "-c", plain.toString())
                        .redirectOutput(packed.toFile())
                        .start();
        assertThat(process.waitFor()).isZero();
        try (Image image = opener().open(packed.toString())) {
            Opener.assertLayers(image, BASE);
        }
        FileChannel file = FileChannel.open(packed);
        try (Image image =
                opener().standardInput(Channels.newChannel(Channels.newInputStream(file)))
                        .open("-")) {
            Opener.assertLayers(image, BASE);
        }
        byte[] bytes = Files.readAllBytes(packed);
        Files.write(packed, Arrays.copyOf(bytes, bytes.length - 20));
        assertThat(opener().failure(packed.toString()).sentence())
                .startsWith("packed: damaged or truncated: ");
    }

    @Test
    void nothingStaysBehindInTheTemporaryDirectory() throws IOException {
        byte[] packed = ImageBuilder.gzip(ONE.oci().tar());
        Path file = Files.write(directory.resolve("image.tar.gz"), packed);
        try (Image image = opener().open(file.toString());
                Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void standardInputMayBeAPipe() throws IOException {
        byte[] tar = ONE.docker(Dialect.SAVE).tar();
        for (String reference : List.of("-", "docker-archive:-")) {
            try (Image image =
                    opener().standardInput(Channels.newChannel(new ByteArrayInputStream(tar)))
                            .open(reference)) {
                Opener.assertLayers(image, BASE);
                assertThat(image.name()).isEqualTo("image");
            }
        }
    }

    @Test
    void oneOfSeveralImagesOfStandardInput() throws IOException {
        byte[] tar = ImageBuilder.docker(Dialect.SAVE, image().tag("a:1"), ONE.tag("b:2")).tar();
        try (Image image =
                opener().standardInput(Channels.newChannel(new ByteArrayInputStream(tar)))
                        .open("docker-archive:-:b:2")) {
            Opener.assertLayers(image, BASE);
        }
    }

    @Test
    void standardInputThatIsAFileIsReadWhereItLies() throws IOException {
        byte[] tar = ONE.docker(Dialect.SAVE).tar();
        Path file = directory.resolve("file");
        Files.write(file, "x".getBytes());
        Files.write(file, tar, java.nio.file.StandardOpenOption.APPEND);
        FileChannel channel = FileChannel.open(file).position(1);
        try (Image image = opener().standardInput(channel).open("-")) {
            Opener.assertLayers(image, BASE);
            assertThat(image.layers().getFirst().data().inPlace().file()).isSameAs(channel);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aFifoIsReadToItsEnd() throws Exception {
        Requirements.tool("mkfifo");
        Path fifo = directory.resolve("pipe.tar");
        run("mkfifo", fifo);
        byte[] tar = ONE.oci().tar();
        Thread writer = Thread.ofVirtual().start(() -> write(fifo, tar));
        try (Image image = opener().open(fifo.toString())) {
            Opener.assertLayers(image, BASE);
            assertThat(image.name()).isEqualTo("pipe");
        }
        writer.join();
    }

    private static void write(Path fifo, byte[] bytes) {
        try {
            Files.write(fifo, bytes, java.nio.file.StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void noSuchFile() {
        assertThat(opener().failure(directory + "/gone").sentence())
                .isEqualTo("gone: no such file or directory");
        assertThat(opener().failure("oci-archive:" + directory + "/gone").sentence())
                .isEqualTo("gone: no such file or directory");
        assertThat(opener().failure("oci:" + directory + "/gone").sentence())
                .isEqualTo("gone: no such file or directory");
    }

    @Test
    void whatMayHaveBeenMeant() throws IOException {
        assertThat(opener().failure("nginx:no-such-tag").hint())
                .isEqualTo("in a registry? write docker://nginx:no-such-tag");
        assertThat(opener().failure("https://example.org/image.tar").hint())
                .isEqualTo("download it first: curl -O https://example.org/image.tar");
        for (String name :
                List.of(
                        "docker.io/nginx",
                        "nginx@sha256:0123",
                        "ghcr.io/owner/name:1.2",
                        "localhost:5000/name")) {
            assertThat(opener().failure(name).hint())
                    .isEqualTo("in a registry? write docker://" + name);
            assertThat(opener().failure("https://" + name).hint())
                    .isEqualTo("in a registry? write docker://" + name);
        }
        assertThat(opener().failure("https://hub.docker.com/_/nginx/").hint())
                .isEqualTo("in a registry? write docker://nginx");
        assertThat(opener().failure("https://hub.docker.com/r/owner/name").hint())
                .isEqualTo("in a registry? write docker://owner/name");
        assertThat(opener().failure("no-such-image.tar").hint()).isEmpty();
        Files.createFile(directory.resolve("image.tar"));
        assertThat(opener().failure(directory + "/image.tar:a:1").hint())
                .isEqualTo("write docker-archive:image.tar:a:1");
        assertThat(opener().failure(directory + "/image.tar:a").hint())
                .isEqualTo("write docker-archive:image.tar:a");
        assertThat(opener().failure(directory + ":a").hint()).startsWith("write oci:");
    }

    @Test
    void anUnpackedArchiveIsNamed() throws IOException {
        new FileSet().file("manifest.json", "[]").directory(directory.resolve("dir"));
        Opener.Failure failure = opener().failure(directory + "/dir");
        assertThat(failure.sentence())
                .isEqualTo("dir: an unpacked docker-archive, which is not supported");
        assertThat(failure.hint()).isEqualTo("pack it again: tar -C dir -cf image.tar .");
    }

    @Test
    void empty() throws IOException {
        Files.createFile(directory.resolve("image.tar"));
        assertThat(opener().failure(directory + "/image.tar").sentence())
                .isEqualTo("image.tar: empty");
        assertThat(opener().failure("-").sentence()).isEqualTo("standard input: empty");
        assertThat(opener().failure("-").hint())
                .isEqualTo("the program that wrote it may have failed");
        Files.write(directory.resolve("image.tar"), ImageBuilder.gzip(new byte[0]));
        assertThat(opener().failure(directory + "/image.tar").sentence())
                .isEqualTo("image.tar: empty");
    }

    @Test
    void neitherATarNorAnythingElse() throws IOException {
        Files.writeString(directory.resolve("image.tar"), "hello\n".repeat(1000));
        assertThat(opener().failure(directory + "/image.tar").sentence())
                .startsWith("image.tar: not an image: not a tar: ");
        Files.writeString(directory.resolve("image.tar"), "hello\n");
        assertThat(opener().failure(directory + "/image.tar").sentence())
                .isEqualTo("image.tar: not an image: not a tar: shorter than one can be");
    }

    @Test
    void aTarWithoutAnImage() {
        Opener.Failure failure = opener().failure(new FileSet().file("x", "y"));
        assertThat(failure.sentence())
                .isEqualTo(
                        "image.tar: not an image: no manifest.json, index.json or oci-layout in"
                                + " it");
        assertThat(failure.hint()).isEmpty();
    }

    @Test
    void aRootFileSystem() {
        Opener.Failure failure =
                opener().failure(new FileSet().directory("./etc").file("./etc/passwd", "root"));
        assertThat(failure.sentence()).startsWith("image.tar: not an image: no manifest.json");
        assertThat(failure.hint()).contains("docker export");
    }

    @Test
    void aRootFileSystemInADirectory() throws IOException {
        new FileSet()
                .file("usr/bin/env", "program")
                .file("etc/passwd", "root")
                .directory(directory.resolve("rootfs"));
        assertThat(opener().failure(directory + "/rootfs").hint())
                .isEqualTo("this looks like a root file system, which is what images become");
    }

    @Test
    void aDirectoryWithoutALayout() throws IOException {
        Files.createDirectory(directory.resolve("dir"));
        assertThat(opener().failure(directory + "/dir").sentence())
                .isEqualTo("dir: not an image: no manifest.json, index.json or oci-layout in it");
        assertThat(opener().failure("oci:" + directory + "/dir").sentence())
                .isEqualTo("dir: not an OCI layout: no index.json in it");
    }

    @Test
    void theWrongTransport() throws IOException {
        ONE.oci().directory(directory.resolve("dir"));
        ONE.oci().tar(directory.resolve("tar"));
        assertThat(opener().failure("docker-archive:" + directory + "/dir"))
                .isEqualTo(new Opener.Failure("dir: a directory, not a docker-archive", ""));
        assertThat(opener().failure("oci-archive:" + directory + "/dir"))
                .isEqualTo(
                        new Opener.Failure(
                                "dir: a directory, not an archive",
                                "write oci:dir for a layout directory"));
        assertThat(opener().failure("oci:" + directory + "/tar"))
                .isEqualTo(
                        new Opener.Failure(
                                "tar: not a directory",
                                "write oci-archive:tar for a layout in a tar"));
    }

    /// Also between two members, where a tar without end blocks is not malformed.
    @Test
    void truncatedAnywhere() throws IOException {
        for (FileSet files : List.of(ONE.docker(Dialect.SAVE).remove("repositories"), ONE.oci())) {
            byte[] tar = files.tar();
            int end = tar.length;
            while (tar[end - 1] == 0) {
                end--;
            }
            for (int length = 1; length < end; length += 257) {
                Path file = directory.resolve("image.tar");
                Files.write(file, Arrays.copyOf(tar, length));
                Opener.Failure failure = opener().failure(file.toString());
                assertThat(failure.sentence() + failure.hint())
                        .as("cut at %d of %d", length, end)
                        .contains(length < 512 ? "shorter than one can be" : "truncated");
            }
        }
    }

    /// Such as a device: to take in all of it would fill the disk.
    @ParameterizedTest
    @ValueSource(ints = {0, 0x55})
    void whatIsNoImageMayHaveNoEnd(int everyByte) {
        InputStream endless =
                new InputStream() {
                    private long read;

                    @Override
                    public int read() {
                        assertThat(read++).as("bytes that were read").isLessThan(1 << 20);
                        return everyByte;
                    }
                };
        Opener.Failure failure = opener().standardInput(Channels.newChannel(endless)).failure("-");
        assertThat(failure.sentence()).startsWith("standard input: not an image: ");
    }

    @Test
    void aFullDiskIsNamed() throws Exception {
        Requirements.root();
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small);
        try {
            byte[] tar = image(new byte[1 << 20]).oci().tar();
            Opener opener =
                    Opener.in(small)
                            .standardInput(Channels.newChannel(new ByteArrayInputStream(tar)));
            Opener.Failure failure = opener.failure("-");
            assertThat(failure.sentence())
                    .isEqualTo(small + ": cannot write a temporary file: No space left on device");
            assertThat(failure.hint())
                    .isEqualTo("choose another directory with --temp-dir or TMPDIR");
            try (Stream<Path> left = Files.list(small)) {
                assertThat(left).isEmpty();
            }
        } finally {
            run("umount", small);
        }
    }
}
