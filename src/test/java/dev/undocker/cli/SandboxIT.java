package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Whoever makes a tree gives up what that does not need, however the tree gets its name.
class SandboxIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dir -v image.tar out/tree",
                "nspawn -v image.tar out",
                "nspawn -v --name x image.tar out",
                "lxc -v --format dir image.tar out",
                "lxc -v --format dir --name x image.tar out",
                "bundle -v image.tar out/bundle"
            })
    void itIsInForce(String line) throws Exception {
        ImageBuilder.image(layer().dir("usr/").file("a", "a").toBytes())
                .config("Cmd", List.of("/a"))
                .docker(ImageBuilder.Dialect.SAVE)
                .tar(directory.resolve("image.tar"));
        Files.createDirectory(directory.resolve("out"));

        assertThat(Undocker.command((Object[]) line.split(" ")).in(directory).succeed().errors())
                .contains("sandbox: no new privileges");
        assertThat(
                        Undocker.command((Object[]) (line + " --force --no-sandbox").split(" "))
                                .in(directory)
                                .succeed()
                                .errors())
                .contains("sandbox: none: --no-sandbox");
    }

    /// Beside a tree, each writer of archives lets programs be refused.
    @Test
    void archivesStartNoPrograms() throws Exception {
        ImageBuilder.image(layer().dir("usr/").file("a", "a").toBytes())
                .config("Cmd", List.of("/a"))
                .docker(ImageBuilder.Dialect.SAVE)
                .tar(directory.resolve("image.tar"));
        String line =
                "convert -v image.tar -o dir:tree -o rootfs:a.tar -o cpio:a.cpio -o wsl:a.wsl"
                        + " -o proxmox:a.tar.zst -o incus:b.tar.xz -o lxcconfig:config";
        assertThat(Undocker.command((Object[]) line.split(" ")).in(directory).succeed().errors())
                .contains("no programs and no connections");
    }

    /// What arrives from a registry, and what is unpacked, is read all the same.
    @ParameterizedTest
    @ValueSource(strings = {"GZIP", "ZSTD"})
    void aDownloadReadsNothingElse(ImageBuilder.Packing packing) throws Exception {
        Path image =
                ImageBuilder.image(layer().dir("usr/").file("a", "a").toBytes())
                        .packed(packing)
                        .oci()
                        .tar(directory.resolve("image.tar"));
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            registry.put("oci-archive:" + image, "x:1");
            for (String cache : List.of("--cache-dir cache", "--cache-dir cache", "--no-cache")) {
                String line =
                        "dir -v --force --tls-verify=false %s docker://%s/x:1 tree"
                                .formatted(cache, registry.host());
                assertThat(
                                Undocker.command((Object[]) line.split(" "))
                                        .in(directory)
                                        .succeed()
                                        .errors())
                        .contains("reads only there", "no programs\n")
                        .doesNotContain("warning");
                assertThat(directory.resolve("tree/a")).hasContent("a");
            }
        }
    }

    /// Whom to trust is looked up when the first server is to be judged, which is late where the
    /// manifest is in the cache.
    @Test
    void certificatesAreReadFromInside() throws Exception {
        Path image =
                ImageBuilder.image(layer().file("a", "a").toBytes())
                        .packed(ImageBuilder.Packing.GZIP)
                        .oci()
                        .tar(directory.resolve("image.tar"));
        try (DockerRegistry registry = DockerRegistry.secured(directory)) {
            registry.put("oci-archive:" + image, "x:1");
            Path certificates =
                    Files.createDirectories(
                            directory.resolve(".config/containers/certs.d/" + registry.host()));
            Files.copy(directory.resolve("ca.crt"), certificates.resolve("ca.crt"));
            String name = "docker://%s/x".formatted(registry.host());
            String digest =
                    JSON.readTree(fetch("inspect", "--json", name + ":1").text())
                            .path("manifestDigest")
                            .asText();
            assertThat(fetch("dir", "-v", name + "@" + digest, "tree").errors())
                    .contains("reads only there", "no programs\n");
            assertThat(directory.resolve("tree/a")).hasContent("a");
        }
    }

    private Undocker.Result fetch(String command, String... more) throws Exception {
        List<Object> words = new ArrayList<>(List.of(command, "--creds", "me:secret"));
        words.addAll(List.of(more));
        return Undocker.command(words.toArray())
                .in(directory)
                .with("HOME", directory.toString())
                .succeed();
    }

    /// What arrives through a pipe is in a temporary file by then.
    @Test
    void anArchiveInAPipe() throws Exception {
        Path image =
                Files.write(
                        directory.resolve("image.tar.zst"),
                        ImageBuilder.Packing.ZSTD.pack(
                                ImageBuilder.image(layer().file("a", "a").toBytes())
                                        .packed(ImageBuilder.Packing.ZSTD)
                                        .oci()
                                        .tar()));
        assertThat(
                        Undocker.command("dir", "-v", "-", "tree")
                                .in(directory)
                                .reading(image)
                                .succeed()
                                .errors())
                .contains("writes only to the outputs,", "no programs and no connections");
        assertThat(directory.resolve("tree/a")).hasContent("a");
    }
}
