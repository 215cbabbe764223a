package dev.undocker.runtime.incus;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.HostileText;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class IncusMetadataTest {
    private final Example example = new Example();

    private String yaml(String name) {
        return IncusMetadata.yaml(example.config(), name, example.warnings::add);
    }

    @Test
    void imageIsDescribed() {
        ImageConfig config = example.config();
        ImageConfig dated =
                new ImageConfig(
                        config.platform(),
                        "2026-01-01T00:00:00+01:00",
                        null,
                        config.process(),
                        List.of(),
                        List.of(),
                        config.labels(),
                        List.of());
        assertThat(IncusMetadata.yaml(dated, "docker.io/library/nginx:1.25", said -> {}))
                .isEqualTo(
                        """
                        architecture: "x86_64"
                        creation_date: 1767222000
                        properties:
                          architecture: "x86_64"
                          description: "docker.io/library/nginx:1.25"
                          name: "nginx-1.25"
                          os: "linux"
                          type: "oci"
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "linux/386,i686",
        "linux/arm64,aarch64",
        "linux/arm/v6,armv6l",
        "linux/arm/v7,armv7l",
        "linux/arm,armv7l",
        "linux/loong64,loongarch64",
        "linux/riscv64,riscv64"
    })
    void architecturesHaveTheKernelsNames(String platform, String architecture) {
        example.platform = Platform.parse(platform);
        assertThat(yaml("x")).startsWith("architecture: \"" + architecture + "\"\n");
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void unknownArchitectureIsSaid() {
        example.platform = Platform.parse("linux/wasm\n\"x");
        assertThat(yaml("x")).startsWith("architecture: \"wasm\\\\x0a\\\"x\"\n");
        assertThat(example.warnings).hasSize(1);
    }

    /// As SnakeYAML reads them, a document each.
    @Test
    void hostileNamesAreReadBack() {
        List<String> names = HostileText.many(10_000);
        String all = names.stream().map(this::yaml).collect(Collectors.joining("---\n"));
        List<Object> described = new ArrayList<>();
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        for (Object document : new Yaml(new SafeConstructor(options)).loadAll(all)) {
            Map<?, ?> image = (Map<?, ?>) document;
            assertThat(image).hasSize(3);
            Map<?, ?> properties = (Map<?, ?>) image.get("properties");
            assertThat(properties).hasSize(5);
            described.add(properties.get("description"));
        }
        assertThat(described)
                .isEqualTo(
                        names.stream()
                                .map(name -> RootfsPath.printable(name.getBytes(UTF_8)))
                                .toList());
    }

    /// No name of an image adds a line or ends a string.
    @Test
    void hostileNamesStayInTheirPlace() {
        String plain =
                "(architecture|  [a-z]+):"
                    + " \"([^\"\\\\\\x00-\\x1f\\x7f-\\uffff]|\\\\[\"\\\\]|\\\\U[0-9A-F]{8}|\\\\uFFFD)*\"";
        for (long seed = 0; seed < 3000; seed++) {
            HostileText text = new HostileText(seed);
            List<String> lines = List.of(yaml(text.word() + "\ud800" + text.word()).split("\n"));
            assertThat(lines).hasSize(8);
            assertThat(lines.get(1)).matches("creation_date: \\d+");
            assertThat(lines.get(2)).isEqualTo("properties:");
            for (int i : new int[] {0, 3, 4, 5, 6, 7}) {
                assertThat(lines.get(i)).matches(plain);
            }
        }
    }
}
