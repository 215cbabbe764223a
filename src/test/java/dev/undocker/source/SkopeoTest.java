package dev.undocker.source;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.Image;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Images that skopeo copied from one transport to another.
class SkopeoTest {
    private static final byte[] BASE = new FileSet().file("a", "base").tar();
    private static final byte[] TOP = new FileSet().file("b", "top").tar();

    @TempDir Path directory;

    @BeforeEach
    void layout() throws IOException {
        Requirements.tool("skopeo");
        image(BASE, TOP)
                .tag("busybox:latest")
                .config("Cmd", List.of("sh"))
                .oci()
                .directory(directory.resolve("source"));
    }

    private void copy(String to, String... options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("skopeo", "--insecure-policy", "copy", "-q"));
        command.addAll(List.of(options));
        command.add("oci:" + directory + "/source:busybox:latest");
        command.add(to);
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }

    private void assertSame(String reference, String name) throws IOException {
        try (Image image = Opener.in(directory).open(reference)) {
            Opener.assertLayers(image, BASE, TOP);
            assertThat(image.config().process().cmd()).containsExactly("sh");
            assertThat(image.name()).isEqualTo(name);
        }
    }

    @Test
    void dockerArchive() throws Exception {
        String file = directory + "/docker.tar";
        copy("docker-archive:" + file + ":busybox:latest");
        assertSame(file, "busybox:latest");
        assertSame("docker-archive:" + file + ":busybox", "busybox:latest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void ociArchive(String compression) throws Exception {
        String file = directory + "/oci.tar";
        copy("oci-archive:" + file + ":busybox:1", "--dest-compress-format", compression);
        assertSame(file, "busybox:1");
        assertSame("oci-archive:" + file + ":busybox:1", "busybox:1");
    }

    @Test
    void ociLayoutWithSeveralImages() throws Exception {
        String layout = directory + "/layout";
        copy("oci:" + layout + ":one");
        copy("oci:" + layout + ":two", "--dest-compress");
        assertSame("oci:" + layout + ":two", "two");
    }
}
