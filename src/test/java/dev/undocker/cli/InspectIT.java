package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `undocker inspect` as the built program, and on images that are not on this machine.
@Timeout(300)
class InspectIT {
    @TempDir private Path directory;

    private Undocker undocker(Object... arguments) {
        return Undocker.command(arguments).in(directory).with("HOME", directory.toString());
    }

    private JsonNode json(Object... arguments) throws Exception {
        Undocker.Result result = undocker(arguments).succeed();
        assertThat(result.errors()).isEmpty();
        return new ObjectMapper().readTree(result.output());
    }

    private Path hello() throws IOException {
        return Files.write(directory.resolve("hello.tar"), HelloImage.bytes());
    }

    /// Puts the example there, compressed.
    private String put(DockerRegistry registry) throws Exception {
        registry.put("docker-archive:" + hello(), "hello:1");
        return "docker://%s/hello:1".formatted(registry.host());
    }

    private Path blob(String digest) {
        String hex = digest.substring("sha256:".length());
        return directory
                .resolve("store/docker/registry/v2/blobs/sha256")
                .resolve(hex.substring(0, 2))
                .resolve(hex)
                .resolve("data");
    }

    @Test
    void aRegistryIsAskedForNoLayer() throws Exception {
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            String name = put(registry);
            JsonNode whole = json("inspect", "--json", "--layers", "--no-cache", name);
            for (JsonNode layer : whole.at("/layers")) {
                Files.delete(blob(layer.at("/digest").asText()));
            }
            JsonNode known = json("inspect", "--json", name);
            JsonSchemas.check("inspect.json", known.toString());
            for (JsonNode layer : known.at("/layers")) {
                assertThat(layer.at("/storedBytes").asLong()).isPositive();
                assertThat(layer.at("/added").isNull()).isTrue();
            }
            assertThat(known.at("/totals/wastedBytes").isNull()).isTrue();
            for (String key : List.of("/imageId", "/manifestDigest", "/process", "/platform")) {
                assertThat(known.at(key)).isEqualTo(whole.at(key));
            }
            // the manifest and the config
            assertThat(undocker("cache", "ls").succeed().text()).contains("\n2 blobs, ");
            Undocker.Result text = undocker("inspect", name).succeed();
            assertThat(text.text()).contains("\nThe layers were not read: ").contains("--layers");
            assertThat(undocker("inspect", "--layers", name).run().exitCode()).isEqualTo(1);
        }
    }

    @Test
    void layersOfARegistryAreReadWhereThatIsWanted() throws Exception {
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            String name = put(registry);
            JsonNode there = json("inspect", "--json", "--layers", name);
            JsonNode here = json("inspect", "--json", "hello.tar");
            for (int i = 0; i < 2; i++) {
                for (String key :
                        List.of("diffId", "contentBytes", "wastedBytes", "added", "changed")) {
                    assertThat(there.at("/layers/" + i + "/" + key))
                            .isEqualTo(here.at("/layers/" + i + "/" + key));
                }
            }
            ObjectNode totals = (ObjectNode) there.at("/totals");
            assertThat(totals.remove(List.of("storedBytes")))
                    .isEqualTo(((ObjectNode) here.at("/totals")).remove(List.of("storedBytes")));
        }
    }

    @Test
    void platformsOfARegistrysIndex() throws Exception {
        Path both =
                ImageBuilder.multiPlatform(
                                false,
                                ImageBuilder.image(new FileSet().file("amd", "x").tar())
                                        .platform("linux/amd64"),
                                ImageBuilder.image(new FileSet().file("arm", "x").tar())
                                        .platform("linux/arm64"))
                        .directory(directory.resolve("both"));
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            registry.put("oci:" + both, "both:1", "--all", "--preserve-digests");
            String name = "docker://%s/both:1".formatted(registry.host());
            assertThat(json("inspect", "--json", "--platform", "all", name))
                    .isEqualTo(json("inspect", "--json", "--platform", "all", "oci:" + both));
        }
    }

    @Test
    void standardInputIsReadWhereItIsSpooled() throws Exception {
        assertThat(undocker("inspect", "-").reading(hello()).succeed().text())
                .isEqualTo(undocker("inspect", "hello.tar").succeed().text());
    }

    @Test
    void everyOutputIsAsked() throws Exception {
        hello();
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        JsonNode report = json("inspect", "--json", "--outputs", "--temp-dir", "tmp", "hello.tar");
        assertThat(report.at("/outputs").findValuesAsText("output"))
                .containsExactly(
                        "bundle",
                        "cpio",
                        "dir",
                        "erofs",
                        "ext4",
                        "incus",
                        "lxc",
                        "lxcconfig",
                        "nspawn",
                        "rootfs",
                        "squashfs");
        assertThat(temporary).isEmptyDirectory();
    }
}
