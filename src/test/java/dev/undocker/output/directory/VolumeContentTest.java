package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.image.Image;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// `--force` does not take the data in an image's volumes along, whatever writes the tree.
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

    private Path write(Kind kind, String... options) throws IOException {
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
                        example.warnings::add);
        try (RootfsSink sink = settings.open(request)) {
            for (String name : List.of("var", "var/run", "data", "data/shipped")) {
                RootfsPath path = RootfsPath.of(name);
                Inode inode = example.rootfs.lookup(path);
                sink.accept(new RootfsEntry.Node(path, inode));
            }
            sink.finish();
            sink.commit();
        }
        return directory.resolve(kind.root);
    }

    @ParameterizedTest
    @EnumSource
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
    @EnumSource
    void aChangedFileIsOwnContent(Kind kind) throws IOException {
        Path root = write(kind);
        Files.writeString(root.resolve("data/shipped"), "changed");
        assertThatThrownBy(() -> write(kind, "--force"))
                .hasMessageEndingWith("volume /data has content of its own: data/shipped");
        Files.delete(root.resolve("data/shipped"));
        write(kind, "--force");
        assertThat(root.resolve("data/shipped")).hasContent("shipped");
    }
}
