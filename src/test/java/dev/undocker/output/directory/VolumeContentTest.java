package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.image.Image;
import dev.undocker.output.Committed;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.Example;
import dev.undocker.testing.SmallRootfs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// `--force` does not take the data in an image's volumes along: trees are not replaced then, and
/// machines keep it.
class VolumeContentTest {
    @TempDir private Path directory;
    private final Example example = new Example();
    private final Inode data = new Inode.Directory(SmallRootfs.metadata(0755));
    private final Inode shipped =
            new Inode.RegularFile(
                    SmallRootfs.metadata(0644), new Content.Generated("shipped".getBytes()));

    /// Every writer of a tree, which is `t`.
    enum Kind {
        DIRECTORY("t", "t", new DirectoryWriter()),
        BUNDLE("t", "t/rootfs", new BundleWriter()),
        MACHINE("", "t", new NspawnWriter(), "--name=t"),
        CONTAINER("", "t/rootfs", new LxcWriter(), "--format=dir", "--name=t");

        private final String destination;
        private final String root;
        private final OutputWriter writer;
        private final List<String> options;

        Kind(String destination, String root, OutputWriter writer, String... options) {
            this.destination = destination;
            this.root = root;
            this.writer = writer;
            this.options = List.of(options);
        }
    }

    @BeforeEach
    void declareVolumes() {
        example.volumes = List.of("/data", "run/db/");
        example.rootfs.inode("data", data);
        example.rootfs.inode("data/shipped", shipped);
        example.rootfs.symlink("run", "var/run");
        example.rootfs.inode("var/run", data);
    }

    private RootfsSink open(Kind kind, String... options) {
        OutputWriter.Settings settings = kind.writer.newSettings();
        CommandOptions.read(
                settings::declare,
                Stream.concat(kind.options.stream(), Stream.of(options)).toArray(String[]::new));
        OutputRequest request =
                new OutputRequest(
                        directory.resolve(kind.destination).toString(),
                        new Image(
                                "app",
                                null,
                                example.config(),
                                new byte[0],
                                null,
                                List.of(),
                                () -> {}),
                        example.rootfs,
                        new OutputRequest.Totals(0, 0),
                        1,
                        false,
                        example.warnings::add);
        return settings.open(request);
    }

    private Path write(Kind kind, String... options) throws IOException {
        try (RootfsSink sink = open(kind, options)) {
            fill(sink);
            sink.commit();
        }
        return directory.resolve(kind.root);
    }

    private void fill(RootfsSink sink) throws IOException {
        for (String name : List.of("var", "var/run", "run", "data", "data/shipped")) {
            RootfsPath path = RootfsPath.of(name);
            sink.accept(new RootfsEntry.Node(path, example.rootfs.lookup(path)));
        }
        sink.finish();
    }

    @ParameterizedTest
    @EnumSource(names = {"DIRECTORY", "BUNDLE"})
    void ownContentIsSpared(Kind kind) throws IOException {
        Path root = write(kind);
        // what the image brings is no loss
        write(kind, "--force");
        for (String own : List.of("data/in/base", "var/run/db/base")) {
            Files.createDirectories(root.resolve(own).getParent());
            write(kind, "--force");
            Files.createDirectories(root.resolve(own).getParent());
            Files.writeString(root.resolve(own), "rows");
            assertThatThrownBy(() -> write(kind, "--force"))
                    .isInstanceOfSatisfying(
                            UndockerException.class,
                            e -> {
                                assertThat(e.sentence())
                                        .endsWith(" has content of its own: " + own);
                                assertThat(e.hint()).contains("--drop-volumes");
                            });
            assertThat(root.resolve(own)).hasContent("rows");
            try (Stream<Path> names = Files.list(directory)) {
                assertThat(names.map(name -> name.getFileName().toString()))
                        .noneMatch(name -> name.contains(".undocker-"));
            }
            write(kind, "--force", "--drop-volumes");
            assertThat(root.resolve(own)).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/self"})
    void theRootIsSparedToo(String volume) throws IOException {
        example.volumes = List.of(volume);
        example.rootfs.symlink("self", ".");
        Path root = write(Kind.DIRECTORY);
        write(Kind.DIRECTORY, "--force");
        Files.writeString(root.resolve("rows"), "rows");
        assertThatThrownBy(() -> write(Kind.DIRECTORY, "--force"))
                .isInstanceOfSatisfying(
                        UndockerException.class,
                        e -> assertThat(e.sentence()).endsWith(" has content of its own: rows"));
        assertThat(root.resolve("rows")).hasContent("rows");
    }

    @ParameterizedTest
    @EnumSource(names = {"DIRECTORY", "BUNDLE"})
    void aChangedFileIsOwnContent(Kind kind) throws IOException {
        Path root = write(kind);
        Files.writeString(root.resolve("data/shipped"), "changed");
        assertThatThrownBy(() -> write(kind, "--force"))
                .hasMessageEndingWith("volume /data has content of its own: data/shipped");
        Files.delete(root.resolve("data/shipped"));
        write(kind, "--force");
        assertThat(root.resolve("data/shipped")).hasContent("shipped");
    }

    @ParameterizedTest
    @EnumSource(names = {"MACHINE", "CONTAINER"})
    void aMachineKeepsItsVolumes(Kind kind) throws IOException {
        Path root = write(kind);
        Path base = root.resolve("data/in/base");
        fill(root);
        write(kind, "--force");
        assertFilled(root);
        Path previous =
                directory.resolve("t.previous").resolve(directory.resolve("t").relativize(root));
        assertThat(previous.resolve("data")).isEmptyDirectory();
        assertThat(previous.resolve("var/run/db")).isEmptyDirectory();
        assertThat(directory.resolve("t.previous/config")).doesNotExist();
        write(kind, "--force");
        assertFilled(root);
        assertThat(names()).doesNotContain(".undocker-").contains("t.previous");

        write(kind, "--force", "--drop-volumes");
        assertThat(base).doesNotExist();
        assertThat(root.resolve("data/shipped")).hasContent("shipped");
        assertThat(previous.resolve("data/in/base")).hasContent("rows");

        write(kind, "--force", "--no-previous");
        assertThat(names()).doesNotContain("previous", ".undocker-");
    }

    private static void fill(Path root) throws IOException {
        Path in = Files.createDirectories(root.resolve("data/in"));
        Files.writeString(in.resolve("base"), "rows");
        Files.createLink(in.resolve("other"), in.resolve("base"));
        Files.createSymbolicLink(in.resolve("link"), Path.of("/nowhere"));
        Files.writeString(root.resolve("data/name \n 'x'"), "odd");
        Files.delete(root.resolve("data/shipped"));
        Files.createDirectories(root.resolve("var/run/db"));
        Files.writeString(root.resolve("var/run/db/base"), "more");
        Files.setAttribute(in, "unix:mode", 03750);
        Files.getFileAttributeView(in, UserDefinedFileAttributeView.class)
                .write("mark", ByteBuffer.wrap("m".getBytes()));
        Files.setLastModifiedTime(in, FileTime.from(Instant.ofEpochSecond(1_234_567_890, 5)));
    }

    private static void assertFilled(Path root) throws IOException {
        Path in = root.resolve("data/in");
        assertThat(in.resolve("base")).hasContent("rows");
        assertThat(Files.getAttribute(in.resolve("base"), "unix:nlink")).isEqualTo(2);
        assertThat(Files.isSameFile(in.resolve("base"), in.resolve("other"))).isTrue();
        assertThat(Files.readSymbolicLink(in.resolve("link"))).hasToString("/nowhere");
        assertThat(root.resolve("data/name \n 'x'")).hasContent("odd");
        assertThat(root.resolve("data/shipped")).doesNotExist();
        assertThat(root.resolve("var/run/db/base")).hasContent("more");
        assertThat((int) Files.getAttribute(in, "unix:mode") & 07777).isEqualTo(03750);
        assertThat(Files.getFileAttributeView(in, UserDefinedFileAttributeView.class).size("mark"))
                .isEqualTo(1);
        assertThat(Files.getLastModifiedTime(in))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_234_567_890, 5)));
    }

    private String names() throws IOException {
        try (Stream<Path> names = Files.list(directory)) {
            return names.map(name -> name.getFileName().toString()).toList().toString();
        }
    }

    /// Nothing of what a machine holds depends on the new one before that has its name.
    @ParameterizedTest
    @EnumSource(names = {"MACHINE", "CONTAINER"})
    void aMachineThatComesBackHasItsVolumes(Kind kind) throws IOException {
        Path root = write(kind);
        fill(root);
        try (RootfsSink sink = open(kind, "--force")) {
            fill(sink);
            Committed committed = sink.commit();
            committed.takeBack();
            assertFilledTwice(root);
        }
        assertFilled(root);
        assertThat(names()).doesNotContain("previous", ".undocker-");
        // a power cut leaves the new machine, complete
        try (RootfsSink sink = open(kind, "--force")) {
            fill(sink);
            sink.commit();
            assertFilledTwice(root);
        }
        assertFilled(root);
    }

    private static void assertFilledTwice(Path root) throws IOException {
        Path base = root.resolve("data/in/base");
        assertThat(base).hasContent("rows");
        assertThat(Files.getAttribute(base, "unix:nlink")).isEqualTo(4);
    }

    /// The next image may have forgotten it.
    @ParameterizedTest
    @EnumSource(names = {"MACHINE", "CONTAINER"})
    void aVolumeStaysOne(Kind kind) throws IOException {
        Path root = write(kind);
        fill(root);
        example.volumes = List.of();
        write(kind, "--force");
        write(kind, "--force", "--no-previous");
        assertFilled(root);
    }

    @ParameterizedTest
    @EnumSource(names = {"MACHINE", "CONTAINER"})
    void anotherMachineIsNotThePreviousOne(Kind kind) throws IOException {
        write(kind);
        Files.createDirectories(directory.resolve("t.previous/usr"));
        Files.createFile(directory.resolve("t.previous/config"));
        assertThatThrownBy(() -> write(kind, "--force"))
                .hasMessageContaining("t.previous: is no ")
                .hasMessageEndingWith(" that was replaced here");
        assertThat(directory.resolve("t.previous/config")).exists();
    }

    /// A link in the old tree leads anywhere.
    @ParameterizedTest
    @EnumSource(names = {"MACHINE", "CONTAINER"})
    void aVolumeBehindALinkIsNotTakenOver(Kind kind, @TempDir Path elsewhere) throws IOException {
        Path root = write(kind);
        Files.writeString(elsewhere.resolve("secret"), "x");
        Files.delete(root.resolve("data/shipped"));
        Files.delete(root.resolve("data"));
        Files.createSymbolicLink(root.resolve("data"), elsewhere);
        assertThatThrownBy(() -> write(kind, "--force"))
                .hasMessageStartingWith("/")
                .hasMessageContaining("data: cannot be taken over from the replaced tree");
        assertThat(root.resolve("data")).isSymbolicLink();
        assertThat(elsewhere.resolve("secret")).hasContent("x");
        assertThat(names()).doesNotContain("previous", ".undocker-");
    }

    @Test
    void mountedVolumesHideNothing() throws IOException {
        fill(write(Kind.CONTAINER));
        assertThatThrownBy(() -> write(Kind.CONTAINER, "--force", "--volumes=tmpfs"))
                .hasMessageContaining("has content of its own");
    }
}
