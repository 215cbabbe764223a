package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Stranger;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    /// For want of rights, and because of who reads the output.
    @Test
    void whatOnlyTheEndOfAConversionTellsIsForeseen() throws Exception {
        LayerBuilder layer =
                layer().dir("d")
                        .owner(3, 3)
                        .file("d/set-id", "x")
                        .mode(06755)
                        .file("d/capable", "x")
                        .xattr("security.capability", "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
                        .file("d/plain", "x")
                        .xattr("user.x", "y")
                        .hardLink("d/again", "d/plain")
                        .symlink("d/link", "plain")
                        .fifo("d/fifo")
                        .charDevice("null", 1, 3)
                        .blockDevice("disk", 8, 0);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Stranger stranger = Stranger.in(directory);
        ImageBuilder.image(layer.toBytes())
                .config("Cmd", List.of("/d/plain"))
                .config("ExposedPorts", Map.of("80/tcp", Map.of()))
                .config("Labels", Map.of("a", "b"))
                .config("Healthcheck", Map.of("Test", List.of("CMD", "x")))
                .docker(Dialect.SKOPEO)
                .tar(stranger.home().resolve("image.tar"));

        Map<String, List<String>> foreseen = new TreeMap<>();
        for (JsonNode output :
                new ObjectMapper()
                        .readTree(
                                stranger.command("inspect", "--json", "--outputs", "image.tar")
                                        .succeed()
                                        .text())
                        .at("/outputs")) {
            List<String> sentences = new ArrayList<>();
            output.at("/cannotCarry").forEach(sentence -> sentences.add(sentence.asText()));
            foreseen.put(output.at("/output").asText(), sentences);
        }

        for (String name : List.of("dir", "nspawn", "bundle", "lxc")) {
            String said = counted(stranger.command(name, "image.tar", name).succeed().errors());
            for (String sentence : foreseen.get(name)) {
                assertThat(said)
                        .as(name)
                        .contains(
                                sentence.startsWith("health check: ")
                                        ? ""
                                        : counted(sentence.replace("without root's rights ", "")));
            }
            assertThat(foreseen.get(name)).as(name).hasSizeGreaterThan(0);
            assertThat(said.lines().filter(line -> line.contains("warning: ")))
                    .as(name)
                    .hasSize(foreseen.get(name).size() - (name.equals("dir") ? 0 : 1));
        }
        assertThat(foreseen.get("dir"))
                .containsExactly(
                        "without root's rights not kept: owners of 7 entries, 2 device nodes, 1"
                                + " extended attribute, namely security.*, so 1 set-id program acts"
                                + " for another owner");
        assertThat(foreseen.get("lxc"))
                .contains(
                        "health check: left out: engines alone run one",
                        "d/capable has file capabilities, which lxc-create of LXC 5 drops; --format"
                                + " dir keeps them");
        assertThat(foreseen.get("incus"))
                .contains(
                        "ports: left out: an image for Incus names none",
                        "labels: left out: an image for Incus has none");
        assertThat(foreseen.get("wsl"))
                .contains(
                        "ports: left out: a distribution for WSL names none",
                        "labels: left out: a distribution for WSL has none");
        assertThat(foreseen.get("proxmox"))
                .contains(
                        "ports: left out: a template names none",
                        "labels: left out: a template has none");
        assertThat(foreseen.get("rootfs")).isEmpty();
    }

    /// But for the number of owners: writers for runtimes add files of their own.
    private static String counted(String sentence) {
        return sentence.replaceAll("owners of \\d+ entries", "owners of N entries");
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
                        "proxmox",
                        "rootfs",
                        "squashfs",
                        "wsl");
        assertThat(temporary).isEmptyDirectory();
    }
}
