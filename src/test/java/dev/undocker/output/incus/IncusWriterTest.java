package dev.undocker.output.incus;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.image.Digest;
import dev.undocker.output.OutputWriter;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class IncusWriterTest {
    private static OutputWriter.Settings settings(String... options) {
        OutputWriter.Settings settings = new IncusWriter().newSettings();
        CommandOptions.read(settings::declare, options);
        return settings;
    }

    @Nested
    class Unified implements WriterContract {
        @Override
        public OutputWriter writer() {
            return new IncusWriter();
        }

        @Override
        public String read(Path destination) throws Exception {
            return Digest.sha256(Files.readAllBytes(destination)).toString();
        }
    }

    @Nested
    class Split implements WriterContract {
        @Override
        public OutputWriter writer() {
            return new IncusWriter() {
                @Override
                public Settings newSettings() {
                    return settings("--split");
                }
            };
        }

        @Override
        public String read(Path destination) throws Exception {
            return Digest.sha256(Files.readAllBytes(destination.resolve("metadata.tar.xz")))
                    + " "
                    + Digest.sha256(Files.readAllBytes(destination.resolve("rootfs.tar.xz")));
        }
    }

    private static List<String> members(Path tar) throws Exception {
        return Undocker.program(Requirements.tool("tar"), "-tf", tar)
                .succeed()
                .text()
                .lines()
                .toList();
    }

    @Test
    void metadataComesFirstAndTheTreeBelowRootfs(@TempDir Path directory) throws Exception {
        Path out = directory.resolve("image.tar");
        try (Flatten flatten =
                Flatten.of(layer().file("a", "x").hardLink("b", "a").symlink("c", "/a"))) {
            flatten.write(settings("--workdir", "/srv"), out.toString());
        }
        assertThat(members(out))
                .startsWith("metadata.yaml", "config.json", "rootfs/", "rootfs/a", "rootfs/b")
                .contains("rootfs/c", "rootfs/srv/", "rootfs/proc/");
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Undocker.program(Requirements.tool("tar"), "-xf", out, "-C", tree).succeed();
        assertThat(Files.isSameFile(tree.resolve("rootfs/a"), tree.resolve("rootfs/b"))).isTrue();
        assertThat(Files.readSymbolicLink(tree.resolve("rootfs/c"))).isEqualTo(Path.of("/a"));
    }

    @Test
    void splitFilesAreEachARootOfTheirOwn(@TempDir Path directory) throws Exception {
        Requirements.tool("xz");
        Path out = directory.resolve("image");
        try (Flatten flatten = Flatten.of(layer().file("a", "x"))) {
            flatten.write(settings("--split", "--init-shim"), out.toString());
        }
        assertThat(members(out.resolve("metadata.tar.xz")))
                .containsExactly("metadata.yaml", "config.json");
        assertThat(members(out.resolve("rootfs.tar.xz"))).contains("./", "a", "sbin/init");
    }

    @Test
    void whatMountsHideIsSaid(@TempDir Path directory) throws Exception {
        try (Flatten flatten = Flatten.of(layer().file("tmp/a", "x").file("run/b", "x"))) {
            flatten.write(settings(), directory.resolve("image.tar").toString());
            assertThat(flatten.warnings())
                    .contains("/run: Incus mounts over it and hides the file /run/b")
                    .noneMatch(warning -> warning.startsWith("/tmp"));
        }
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefusedAtOnce(@TempDir Path directory) {
        String out = directory.resolve("out").toString();
        List<OutputWriter.Settings> wrong =
                List.of(
                        settings("--split", "--compress", "gzip"),
                        settings("--force"),
                        settings("--level", "3"),
                        settings("--launcher", "perhaps"));
        for (OutputWriter.Settings settings : wrong) {
            assertThatThrownBy(() -> settings.validate(out)).isInstanceOf(UndockerException.class);
        }
    }
}
