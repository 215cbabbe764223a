package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.image.Digest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcConfigWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `undocker inspect`: what it says of images, for people and for programs.
class InspectCommandTest {
    private static final Path HELLO = Path.of("examples", "hello.tar");
    private static final Path GOLDEN = Path.of("src/test/resources/dev/undocker/cli");
    private static final List<OutputWriter> WRITERS =
            List.of(
                    new BundleWriter(),
                    new DirectoryWriter(),
                    new IncusWriter(),
                    new LxcWriter(),
                    new LxcConfigWriter(),
                    new NspawnWriter(),
                    new RootfsWriter());

    @TempDir private Path directory;

    private static String succeed(Object... arguments) {
        Undocker.Result result = CommandLineRun.with(WRITERS, arguments);
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.text();
    }

    private static JsonNode json(Object... arguments) throws IOException {
        String document = succeed(arguments);
        JsonSchemas.check("inspect.json", document);
        assertThat(document.chars()).allMatch(c -> c == '\n' || c >= ' ' && c <= '~');
        return new ObjectMapper().readTree(document);
    }

    private static String golden(String name) throws IOException {
        return Files.readString(GOLDEN.resolve(name));
    }

    /// To write the files again after a change: `./mvnw -Dquick test -Dtest=InspectCommandTest
    /// -Dexamples.write=true`.
    private static void requireGolden(String name, Path image) throws IOException {
        String text = succeed("inspect", image);
        String json = succeed("inspect", "--json", image);
        if (Boolean.getBoolean("examples.write")) {
            Files.writeString(GOLDEN.resolve(name + ".txt"), text);
            Files.writeString(GOLDEN.resolve(name + ".json"), json);
        }
        assertThat(text).isEqualTo(golden(name + ".txt"));
        assertThat(json).isEqualTo(golden(name + ".json"));
        JsonSchemas.check("inspect.json", json);
    }

    @Test
    void theExample() throws IOException {
        requireGolden("inspect-hello", HELLO);
    }

    /// With all that a config can say, also what a terminal must not hear.
    private Path sample() throws IOException {
        byte[] base =
                layer().dir("etc/")
                        .file("etc/conf", "x".repeat(2000))
                        .file("old", "y".repeat(123_456))
                        .toBytes();
        byte[] top =
                layer().dir("etc/")
                        .file("etc/conf", "z")
                        .whiteout("old")
                        .file("srv/site/index.html", "hello")
                        .toBytes();
        String config =
                """
                {"architecture":"arm64","os":"linux","variant":"v8",
                "created":"2026-01-02T03:04:05.678Z","author":"Ä. Author <a@example.org>",
                "config":{"Entrypoint":["/entry.sh"],"Cmd":["nginx","-g","daemon \\"off\\";"],
                "Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "TEXT=words that go on and on, until they need more than a line of eighty columns"],
                "User":"101:101","WorkingDir":"/srv","StopSignal":"SIGQUIT",
                "ExposedPorts":{"80/tcp":{},"443/tcp":{}},"Volumes":{"/data":{}},
                "Labels":{"title":"several\\nlines\\tof text",
                "evil":"\\u001b[31m\\u009b31m\\u202egnp.exe",
                "long":"%s"},
                "Healthcheck":{"Test":["CMD-SHELL","curl -f http://localhost/ || exit 1"],
                "Interval":30000000000,"Timeout":500000000,"Retries":3}},
                "history":[
                {"created":"2026-01-01T00:00:00Z","created_by":"/bin/sh -c #(nop)  ADD file:1 in / "},
                {"created_by":"ENV TEXT=words","empty_layer":true},
                {"created_by":"RUN /bin/sh -c set -eux;\\t%s # buildkit","comment":"buildkit.v0"}],
                "rootfs":{"type":"layers","diff_ids":["%s","%s"]}}
                """
                        .formatted(
                                "l".repeat(100),
                                "make; ".repeat(20),
                                Digest.sha256(base),
                                Digest.sha256(top));
        return new FileSet()
                .file("config.json", config)
                .file("base.tar", base)
                .file("top.tar", top)
                .file(
                        "manifest.json",
                        """
                        [{"Config":"config.json","RepoTags":["docker.io/library/web:1.29"],
                        "Layers":["base.tar","top.tar"]}]
                        """)
                .tar(directory.resolve("sample.tar"));
    }

    @Test
    void allThatAnImageCanSay() throws IOException {
        requireGolden("inspect-sample", sample());
    }

    @Test
    void nothingReachesATerminalRaw() throws IOException {
        Path sample = sample();
        assertThat(succeed("inspect", sample))
                .matches(text ->
                        text.codePoints().allMatch(c -> c == '\n' || !Character.isISOControl(c)))
                .doesNotContain("\u202e");
        assertThat(json("inspect", "--json", sample).at("/labels/evil").asText())
                .isEqualTo("\u001b[31m\u009b31m\u202egnp.exe");
    }

    @Test
    void linesFitEightyColumns() throws IOException {
        assertThat(succeed("inspect", sample()).lines())
                .filteredOn(line -> !line.contains(" PATH="))
                .allMatch(line -> line.codePointCount(0, line.length()) <= 80);
    }

    @ParameterizedTest
    @EnumSource
    void packedLayersHaveTheSameNumbers(ImageBuilder.Packing packing) throws IOException {
        ImageBuilder image =
                ImageBuilder.image(
                                layer().file("a", "x".repeat(5000)).file("b", "12").toBytes(),
                                layer().file("a", "1").whiteout("b").toBytes())
                        .packed(packing);
        Path layout = image.oci().directory(directory.resolve(packing.name()));
        JsonNode report = json("inspect", "--json", "oci:" + layout);
        assertThat(report.at("/layers/0/contentBytes").asLong()).isEqualTo(5002);
        assertThat(report.at("/layers/0/wastedBytes").asLong()).isEqualTo(5002);
        assertThat(report.at("/layers/1/hidden").asLong()).isEqualTo(1);
        assertThat(report.at("/layers/0/storedBytes").asLong())
                .isEqualTo(packing.pack(image.layers().getFirst()).length);
        assertThat(report.at("/manifestDigest").asText()).startsWith("sha256:");
        assertThat(report.at("/layers/1/diffId").asText())
                .isEqualTo(Digest.sha256(image.layers().getLast()).toString());
    }

    @Test
    void stepsAreNotGuessedWhereTheHistoryDoesNotFit() throws IOException {
        Path image =
                ImageBuilder.image(layer().file("a", "").toBytes())
                        .docker(ImageBuilder.Dialect.SKOPEO)
                        .tar(directory.resolve("image.tar"));
        assertThat(json("inspect", "--json", image).at("/layers/0/buildStep").isNull()).isTrue();
    }

    @Test
    void whatOutputsCannotCarryIsWhatConversionsWarnOf() throws IOException {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        JsonNode outputs =
                json("inspect", "--json", "--outputs", "--temp-dir", temporary, HELLO)
                        .at("/outputs");
        assertThat(temporary).isEmptyDirectory();
        assertThat(outputs).hasSize(WRITERS.size());
        for (JsonNode output : outputs) {
            String name = output.at("/output").asText();
            StringBuilder said = new StringBuilder();
            for (JsonNode sentence : output.at("/cannotCarry")) {
                said.append("undocker: warning: ").append(sentence.asText()).append('\n');
            }
            Undocker.Result conversion =
                    CommandLineRun.with(WRITERS, name, HELLO, directory.resolve(name));
            assertThat(said).as(name).hasToString(conversion.errors());
        }
        assertThat(succeed("inspect", "--outputs", HELLO))
                .startsWith(golden("inspect-hello.txt"))
                .contains(
                        "\n"
                            + "  rootfs     the files alone: nothing of process, ports, volumes,"
                            + " labels\n")
                .contains("\n  lxcconfig  not exact in the LXC configuration: ");
    }

    /// What only informs is nothing to fail for.
    @Test
    void whatIsMalformedWithoutHarmIsLeftOut() throws IOException {
        Path image =
                ImageBuilder.image(layer().file("a", "").toBytes())
                        .config("Healthcheck", Map.of("Test", List.of("CMD", "x"), "Interval", -1))
                        .docker(ImageBuilder.Dialect.SKOPEO)
                        .tar(directory.resolve("odd.tar"));
        Undocker.Result result = CommandLineRun.of("inspect", image);
        assertThat(result.exitCode()).isZero();
        assertThat(result.errors()).contains("Healthcheck: Interval: not a size: left out");
    }

    @Test
    void contentsOfPackedLayersAreLookedInto() throws IOException {
        Path layout =
                ImageBuilder.image(layer().file("etc/passwd", "web:x:7:7::/:\n").toBytes())
                        .config("User", "web")
                        .config("Cmd", List.of("x"))
                        .packed(ImageBuilder.Packing.GZIP)
                        .oci()
                        .directory(directory.resolve("layout"));
        assertThat(json("inspect", "--json", "--outputs", "oci:" + layout).toString())
                .doesNotContain("user web")
                .doesNotContain("refused");
    }

    @Test
    void anOutputThatRefusesTheImageSaysWhy() throws IOException {
        Path image =
                ImageBuilder.image(layer().file("a", "").toBytes())
                        .platform("windows/amd64")
                        .docker(ImageBuilder.Dialect.SKOPEO)
                        .tar(directory.resolve("image.tar"));
        Undocker.Result result =
                CommandLineRun.with(WRITERS, "inspect", "--quiet", "--outputs", image);
        assertThat(result.exitCode()).isZero();
        assertThat(result.text()).contains("lxc        refused: ").contains("windows");
    }

    private Path platforms() throws IOException {
        FileSet layout =
                ImageBuilder.multiPlatform(
                        false,
                        ImageBuilder.image(layer().file("a", "1").toBytes())
                                .platform("linux/amd64"),
                        ImageBuilder.image(layer().file("a", "22").toBytes())
                                .platform("linux/arm64/v8"));
        return layout.directory(directory.resolve("platforms"));
    }

    @Test
    void platformsOfAnIndex() throws IOException {
        Path layout = platforms();
        String text = succeed("inspect", "--platform", "all", layout);
        String document = succeed("inspect", "--json", "--platform", "all", layout);
        JsonSchemas.check("platforms.json", document);
        JsonNode images = new ObjectMapper().readTree(document);
        assertThat(images).hasSize(2);
        assertThat(images.at("/1/platform").asText()).isEqualTo("linux/arm64/v8");
        for (JsonNode image : images) {
            String platform = image.at("/platform").asText();
            JsonNode alone = json("inspect", "--json", "--platform", platform, layout);
            assertThat(image.at("/manifestDigest")).isEqualTo(alone.at("/manifestDigest"));
            assertThat(image.at("/storedBytes").asLong())
                    .isGreaterThan(alone.at("/totals/storedBytes").asLong());
            assertThat(text)
                    .contains(platform + ", ")
                    .contains("\n  " + image.at("/manifestDigest").asText() + "\n");
        }
    }

    @Test
    void attestationsAreNoPlatforms() throws IOException {
        FileSet files = new FileSet();
        Map<String, Object> image =
                ImageBuilder.image(layer().file("a", "1").toBytes()).addManifest(files, false);
        image.put("platform", Map.of("os", "linux", "architecture", "amd64"));
        Map<String, Object> attestation =
                ImageBuilder.image(layer().file("b", "1").toBytes()).addManifest(files, false);
        attestation.put("platform", Map.of("os", "unknown", "architecture", "unknown"));
        Path layout =
                ImageBuilder.layout(files, List.of(image, attestation))
                        .directory(directory.resolve("attested"));
        assertThat(succeed("inspect", "--platform", "all", layout))
                .startsWith("linux/amd64, ")
                .hasLineCount(2);
    }

    @Test
    void aPlatformThatWasNotSavedHasNoSize() throws IOException {
        Path layout = platforms();
        JsonNode images =
                new ObjectMapper()
                        .readTree(succeed("inspect", "--json", "--platform", "all", layout));
        Files.delete(
                layout.resolve("blobs/sha256")
                        .resolve(images.at("/1/manifestDigest").asText().substring(7)));
        String document = succeed("inspect", "--json", "--platform", "all", layout);
        JsonSchemas.check("platforms.json", document);
        assertThat(new ObjectMapper().readTree(document).at("/1/storedBytes").isNull()).isTrue();
        assertThat(succeed("inspect", "--platform", "all", layout))
                .contains("linux/arm64/v8, not here\n");
    }

    @Test
    void anArchiveOfDockerIsAskedForItsLayout() throws IOException {
        Path image =
                ImageBuilder.image(layer().file("a", "1").toBytes())
                        .tag("web:1")
                        .docker(ImageBuilder.Dialect.SAVE_BLOBS)
                        .tar(directory.resolve("image.tar"));
        assertThat(succeed("inspect", "--platform", "all", image)).hasLineCount(2);
    }

    @Test
    void whatHasNoIndexSaysSo() {
        Undocker.Result result = CommandLineRun.of("inspect", "--platform", "all", HELLO);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .isEqualTo(
                        """
                        undocker: examples/hello.tar: no index in it, which would list platforms
                        hint: registries and OCI layouts have one
                        """);
        assertThat(CommandLineRun.of("inspect", "--platform", "all", "--layers", HELLO).exitCode())
                .isEqualTo(2);
    }

    @Test
    void aPageForABrowser() throws IOException {
        Path page = directory.resolve("page.html");
        assertThat(succeed("inspect", "--html", page, sample())).isEmpty();
        assertThat(page)
                .content()
                .startsWith("<!doctype html>")
                .contains("web:1.29")
                .contains("index.html");
        Path image = sample();
        byte[] before = Files.readAllBytes(image);
        Undocker.Result overwriting = CommandLineRun.of("inspect", "--html", image, image);
        assertThat(overwriting.exitCode()).isEqualTo(1);
        assertThat(overwriting.errors()).contains("is the image itself");
        assertThat(image).hasBinaryContent(before);
        assertThat(CommandLineRun.of("inspect", "--html", page, "--json", image).exitCode())
                .isEqualTo(2);
    }

    @Test
    void theExampleOfTheReadme() throws IOException {
        assertThat(Readme.commands("inspect")).isEqualTo("undocker inspect examples/hello.tar\n");
        assertThat(Readme.output("inspect")).isEqualTo(golden("inspect-hello.txt"));
    }
}
