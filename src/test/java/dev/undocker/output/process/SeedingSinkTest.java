package dev.undocker.output.process;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.directory.TreeSettings;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SeedingSinkTest {
    @TempDir private Path directory;
    private Path host;
    private Path out;
    private final TreeSettings tree = new TreeSettings();

    @BeforeEach
    void makeHost() throws IOException {
        Requirements.root();
        host = Files.createDirectory(directory.resolve("host"));
        out = directory.resolve("out");
    }

    /// A tree as the container, with the volumes mounted from [#host].
    private OutputWriter.Settings settings(String... volumes) {
        return new OutputWriter.Settings() {
            @Override
            public void declare(Options options) {}

            @Override
            public void validate(String destination) {}

            @Override
            public RootfsSink open(OutputRequest request) {
                Example example = new Example();
                example.volumes = List.of(volumes);
                Volumes found =
                        Volumes.of(
                                example.config(),
                                new VolumePolicy.Bind(host.toString()),
                                request.rootfs(),
                                request.events());
                return new RootfsAdditions(request.rootfs(), request.events())
                        .volumes(found)
                        .applyTo(
                                SeedingSink.of(
                                        new DirectoryWriter().newSettings().open(request),
                                        found,
                                        tree,
                                        request));
            }
        };
    }

    private void write(LayerBuilder layer, String... volumes) throws IOException {
        try (Flatten flatten = Flatten.of(layer)) {
            flatten.write(settings(volumes), out.toString());
            assertThat(flatten.warnings()).isEmpty();
        }
    }

    private static Object attribute(Path path, String name) throws IOException {
        return Files.getAttribute(path, "unix:" + name);
    }

    @Test
    void whatIsMissingIsMadeAsTheImageHasIt() throws IOException {
        write(
                layer().file("bin/tool", "t")
                        .dir("var/lib/db/")
                        .owner(7, 8)
                        .mode(01750)
                        .file("var/lib/db/file", "x")
                        .owner(7, 9)
                        .hardLink("var/lib/db/same", "var/lib/db/file")
                        .hardLink("var/lib/db/tool", "bin/tool")
                        .hardLink("var/lib/db/tool2", "bin/tool")
                        .file("var/lib/other", "not in a volume"),
                "/var/lib/db",
                "/var/lib/new");
        Path db = host.resolve("var/lib/db");
        assertThat(attribute(db, "uid")).isEqualTo(7);
        assertThat(attribute(db, "gid")).isEqualTo(8);
        assertThat((int) attribute(db, "mode") & 07777).isEqualTo(01750);
        assertThat((int) attribute(host.resolve("var/lib"), "mode") & 07777).isEqualTo(0755);
        assertThat(db.resolve("file")).hasContent("x");
        assertThat(attribute(db.resolve("file"), "gid")).isEqualTo(9);
        assertThat(Files.isSameFile(db.resolve("file"), db.resolve("same"))).isTrue();
        assertThat(db.resolve("tool")).hasContent("t");
        assertThat(Files.isSameFile(db.resolve("tool"), db.resolve("tool2"))).isTrue();
        assertThat(host.resolve("var/lib/new")).isEmptyDirectory();
        assertThat(host.resolve("var/lib/other")).doesNotExist();
        assertThat(host)
                .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("."));
        assertThat(out.resolve("var/lib/db/same")).hasContent("x");
    }

    @Test
    void whatIsThereIsLeftAlone() throws IOException {
        Files.writeString(Files.createDirectories(host.resolve("a/full")).resolve("mine"), "kept");
        Files.createDirectory(host.resolve("a/empty"));
        write(
                layer().file("a/full/file", "").file("a/empty/file", "").file("a/new/file", "new"),
                "/a/full",
                "/a/empty",
                "/a/new",
                "/a/full/in");
        assertThat(host.resolve("a/full")).isDirectoryNotContaining("glob:**/file");
        assertThat(host.resolve("a/full/mine")).hasContent("kept");
        assertThat(host.resolve("a/full/in")).isEmptyDirectory();
        assertThat(host.resolve("a/empty")).isEmptyDirectory();
        assertThat(host.resolve("a/new/file")).hasContent("new");
    }

    @Test
    void volumesInVolumesAreMadeOnce() throws IOException {
        write(layer().file("a/f", "1").file("a/b/f", "2"), "/a/b", "/a", "/a/missing");
        assertThat(host.resolve("a/f")).hasContent("1");
        assertThat(host.resolve("a/b/f")).hasContent("2");
        assertThat(host.resolve("a/missing")).isEmptyDirectory();
    }

    @Test
    void idsAreThoseOfTheUserNamespace() throws IOException {
        CommandOptions.read(tree::declare, "--uid-map=0:100000:10", "--gid-map=0:200000:10");
        write(layer().dir("a/b/").owner(7, 8), "/a/b");
        assertThat(attribute(host.resolve("a/b"), "uid")).isEqualTo(100_007);
        assertThat(attribute(host.resolve("a/b"), "gid")).isEqualTo(200_008);
        assertThat(attribute(host.resolve("a"), "uid")).isEqualTo(100_000);
    }

    @Test
    void withoutCommitNothingStays() throws IOException {
        try (Flatten flatten = Flatten.of(layer().file("a/b/f", ""))) {
            try (RootfsSink sink = flatten.open(settings("/a/b"), out.toString())) {
                sink.finish();
            }
            try (RootfsSink sink = flatten.open(settings("/a/b"), out.toString())) {
                sink.finish();
                sink.commit().takeBack();
            }
        }
        assertThat(host).isEmptyDirectory();
        assertThat(out).doesNotExist();
    }

    /// A container that has a volume may have put anything into it.
    @Test
    void noLinkIsFollowedToMakeAnything() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(host.resolve("a"), elsewhere);
        Files.writeString(host.resolve("file"), "");
        LayerBuilder layer = layer().file("a/b/f", "");
        assertThatThrownBy(() -> write(layer, "/a/b"))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("a: is a symbolic link");
        assertThatThrownBy(() -> write(layer, "/file"))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("file: not a directory");
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(directory).isDirectoryNotContaining("glob:**/*undocker-*");
        // the user may have put a volume elsewhere
        write(layer, "/a");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void directoryHasToBeThere() {
        VolumesOption option = new VolumesOption();
        CommandOptions.read(option::declare, "--volumes=bind:" + directory.resolve("missing"));
        assertThatThrownBy(option::validate)
                .isInstanceOfSatisfying(
                        UndockerException.class, e -> assertThat(e.isUsage()).isFalse());
    }
}
