package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The SBOM of the distribution lists what its jar is made of.
class SbomIT {
    private static final Path SBOM = Undocker.home().resolve("share/sbom/undocker.cdx.json");

    /// Libraries that Maven built say in the jar what they are; some others are named here.
    @Test
    void listsLibrariesOfTheJar() throws IOException {
        Assumptions.assumeTrue(!Undocker.isNative(), "the distribution holds a native executable");
        List<String> listed = components();
        assertThat(listed)
                .containsAll(librariesThatSayTheirNames())
                .anyMatch(url -> url.startsWith("pkg:maven/com.github.luben/zstd-jni@"))
                .anyMatch(url -> url.startsWith("pkg:maven/info.picocli/picocli@"))
                .anyMatch(url -> url.startsWith("pkg:maven/org.tukaani/xz@"));
    }

    @Test
    void listsNothingThatOnlyBuildsOrTests() throws IOException {
        assertThat(components())
                .isNotEmpty()
                .noneMatch(url ->
                        url.contains("assertj")
                                || url.contains("junit")
                                || url.contains("-deployment@"));
    }

    @Test
    void isOfTheBuildsTimeAndHasNoNumberOfItsOwn() throws IOException {
        JsonNode sbom = sbom();
        assertThat(sbom.at("/bomFormat").textValue()).isEqualTo("CycloneDX");
        assertThat(sbom.at("/metadata/timestamp").textValue()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(sbom.has("serialNumber")).isFalse();
    }

    private static JsonNode sbom() throws IOException {
        return new ObjectMapper().readTree(SBOM.toFile());
    }

    private static List<String> components() throws IOException {
        return sbom().at("/components").findValuesAsText("purl");
    }

    private static List<String> librariesThatSayTheirNames() throws IOException {
        List<String> urls = new ArrayList<>();
        try (ZipFile jar = new ZipFile(jar().toFile())) {
            for (ZipEntry entry : jar.stream().toList()) {
                if (entry.getName().matches("META-INF/maven/.*/pom\\.properties")) {
                    Properties library = new Properties();
                    try (InputStream in = jar.getInputStream(entry)) {
                        library.load(in);
                    }
                    urls.add(
                            "pkg:maven/%s/%s@%s?type=jar"
                                    .formatted(
                                            library.get("groupId"),
                                            library.get("artifactId"),
                                            library.get("version")));
                }
            }
        }
        assertThat(urls).hasSizeGreaterThan(30);
        return urls;
    }

    private static Path jar() throws IOException {
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(Undocker.home().resolve("lib"), "undocker-*.jar")) {
            return jars.iterator().next();
        }
    }
}
