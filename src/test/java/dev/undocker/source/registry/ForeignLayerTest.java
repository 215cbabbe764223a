package dev.undocker.source.registry;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.CacheChoice;
import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.RegistryAccess;
import dev.undocker.source.Opener;
import dev.undocker.source.registry.HostileRegistry.Answer;
import dev.undocker.testing.FileSet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Layers that an image only says the address of.
@Timeout(60)
class ForeignLayerTest {
    private static final byte[] LAYER = new FileSet().file("a", "x".repeat(100_000)).tar();
    private static final String BLOB = HostileRegistry.blob(LAYER);

    @TempDir Path directory;
    private HostileRegistry registry;
    private HostileRegistry elsewhere;
    private CacheChoice cache = CacheChoice.NONE;

    @BeforeEach
    void start() throws IOException {
        registry = new HostileRegistry();
        elsewhere = new HostileRegistry();
        elsewhere.on("/layer", HostileRegistry.ranged(LAYER));
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
        elsewhere.close();
    }

    /// Serves an image whose layer is said to be at these addresses.
    private void serve(String... urls) {
        FileSet layout = image(LAYER).oci();
        registry.serve(layout);
        String hex = registry.digest().substring("sha256:".length());
        String list = Stream.of(urls).map("\"%s\""::formatted).collect(Collectors.joining(","));
        String layer = "\"digest\":\"%s\"".formatted(Digest.sha256(LAYER));
        String manifest =
                new String(layout.content("blobs/sha256/" + hex), UTF_8)
                        .replace(layer, layer + ",\"urls\":[" + list + "]")
                        .replace("layer.v1", "layer.nondistributable.v1");
        assertThat(manifest).contains(List.of(urls)).contains("nondistributable");
        registry.on(
                "/v2/x/manifests/1",
                Answer.ok("application/vnd.oci.image.manifest.v1+json", manifest.getBytes(UTF_8)));
    }

    private void serveWithoutLayer(String... urls) {
        serve(urls);
        registry.on(BLOB, Answer.of(404, Map.of(), ""));
    }

    private String there() {
        return "http://%s/layer".formatted(elsewhere.host());
    }

    private void pull() throws IOException {
        RegistrySource source =
                new RegistrySource(
                        name -> name.equals("HOME") ? directory.toString() : null,
                        directory.resolve("etc"),
                        pause -> {},
                        Patience.USUAL);
        OpenRequest request =
                new OpenRequest(
                        null,
                        new TemporaryFiles(directory),
                        true,
                        new RegistryAccess(null, () -> "me:secret", null, true, cache),
                        warning -> {});
        try (Image image =
                source.locate("docker", "//%s/x:1".formatted(registry.host())).open(request)) {
            Opener.assertLayers(image, LAYER);
        }
    }

    private UndockerException failure() {
        return catchThrowableOfType(UndockerException.class, this::pull);
    }

    private String sentence() {
        return failure().sentence().replace(registry.host(), "HOST");
    }

    @Test
    void theRegistryIsAskedFirst() throws IOException {
        serve(there());
        pull();
        assertThat(elsewhere.requests("/")).isEmpty();
    }

    @Test
    void whatTheRegistryLacksComesFromItsAddress() throws IOException {
        serveWithoutLayer(there() + "?signed=1");
        pull();
        assertThat(elsewhere.requests("/"))
                .extracting(HostileRegistry.Request::path)
                .containsExactly("/layer?signed=1");
    }

    @Test
    void theNextAddressIsTried() throws IOException {
        serveWithoutLayer(
                "ftp://example.com/layer",
                "no url",
                "http://%s/gone".formatted(elsewhere.host()),
                there());
        pull();
    }

    /// CVE-2020-15157.
    @ParameterizedTest
    @CsvSource({"Basic realm=\"x\"", "'Bearer realm=\"http://HOST/token\"'"})
    void nobodyElseHearsWhoTheUserIs(String challenge) {
        serveWithoutLayer(there());
        registry.change(
                BLOB,
                good ->
                        (request, out) ->
                                (request.header("authorization").isEmpty()
                                                ? Answer.of(
                                                        401,
                                                        Map.of(
                                                                "WWW-Authenticate",
                                                                "Basic realm=\"x\""),
                                                        "")
                                                : good)
                                        .to(request, out));
        elsewhere.on(
                "/layer",
                Answer.of(
                        401,
                        Map.of("WWW-Authenticate", challenge.replace("HOST", elsewhere.host())),
                        ""));
        assertThat(sentence())
                .isEqualTo(
                        "docker://HOST/x:1: %s: it answers with status 401"
                                .formatted(elsewhere.host()));
        assertThat(registry.requests(BLOB).getLast().header("authorization"))
                .isEqualTo(
                        "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8)));
        assertThat(elsewhere.requests("/"))
                .extracting(HostileRegistry.Request::path)
                .containsOnly("/layer");
        assertThat(elsewhere.requests("/"))
                .allMatch(asked -> asked.header("authorization").isEmpty());
    }

    @Test
    void anAddressIsNotBelieved() throws IOException {
        serveWithoutLayer(there());
        elsewhere.on("/layer", Answer.ok("", new byte[LAYER.length]));
        cache = new CacheChoice(true, directory.resolve("cache"), Long.MAX_VALUE, true);
        assertThatThrownBy(this::pull)
                .hasRootCauseMessage(
                        "does not match its digest: it is %s, from %s for docker://%2$s/x:1 or where its image says that it is"
                                .formatted(Digest.sha256(new byte[LAYER.length]), registry.host()));
        elsewhere.on("/layer", HostileRegistry.ranged(LAYER));
        pull();
    }

    @Test
    void whoSaysWhereItIsHearsThatItIsNot() {
        serveWithoutLayer("http://%s/gone".formatted(elsewhere.host()));
        assertThat(failure().hint())
                .isEqualTo(
                        "the image says that this layer is there; %s does not give it"
                                .formatted(registry.host()));
        serveWithoutLayer("file:///etc/passwd");
        assertThat(sentence()).startsWith("docker://HOST/x:1: HOST: the blob sha256:");
    }
}
