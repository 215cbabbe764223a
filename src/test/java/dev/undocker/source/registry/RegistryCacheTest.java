package dev.undocker.source.registry;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.CacheChoice;
import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.RegistryAccess;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.rootfs.Inode;
import dev.undocker.source.Opener;
import dev.undocker.source.registry.HostileRegistry.Answer;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What was fetched from a registry is not fetched again, and never believed.
@Timeout(60)
class RegistryCacheTest {
    private static final byte[] BASE = new FileSet().file("a", "base".repeat(100_000)).tar();
    private static final byte[] TOP = new FileSet().file("b", "top").tar();

    @TempDir Path directory;
    private HostileRegistry registry;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private CacheChoice choice = CacheChoice.STANDARD;
    private boolean verify = true;
    private Path temporary;
    private @Nullable String credentials;

    @BeforeEach
    void start() throws IOException {
        registry = new HostileRegistry();
        registry.serve(image(BASE, TOP).oci());
        environment.put("HOME", directory.resolve("home").toString());
        temporary = directory;
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    /// Reads all of the image.
    private void pull() throws IOException {
        pull("x:1");
    }

    private void pull(String name) throws IOException {
        contents(name);
        try (Image image = open(name)) {
            Opener.assertLayers(image, BASE, TOP);
        }
    }

    private Image open(String name) {
        return new RegistrySource(
                        environment::get, directory.resolve("etc"), pause -> {}, Patience.USUAL)
                .locate("docker", "//" + registry.host() + "/" + name)
                .open(
                        new OpenRequest(
                                null,
                                new TemporaryFiles(temporary),
                                verify,
                                new RegistryAccess(
                                        null,
                                        credentials == null ? null : () -> credentials,
                                        null,
                                        true,
                                        choice),
                                warnings::add));
    }

    /// Of the image's files, after all checks.
    private List<String> contents(String name) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Image image = open(name);
                ImageRootfs rootfs =
                        ImageRootfs.merge(
                                image, new TemporaryFiles(temporary), verify, 2, warnings::add)) {
            for (Inode inode : rootfs.tree().inodes()) {
                if (inode instanceof Inode.RegularFile file) {
                    try (InputStream in = file.content().stream()) {
                        contents.add(new String(in.readAllBytes(), UTF_8));
                    }
                }
            }
            rootfs.verified();
        }
        return contents;
    }

    private List<String> blobsAsked() {
        return registry.requests("/v2/x/blobs/").stream()
                .map(HostileRegistry.Request::path)
                .toList();
    }

    private Path cache() {
        return directory.resolve("home/.cache/undocker/v1");
    }

    private Path kept(byte[] content) {
        return cache().resolve("blobs/sha256").resolve(Digest.sha256(content).hex());
    }

    private Path partial(byte[] content) {
        return cache().resolve("partial").resolve("sha256-" + Digest.sha256(content).hex());
    }

    private static List<Path> files(Path top) throws IOException {
        try (Stream<Path> walk = Files.walk(top)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    private void assertAllIsWell() throws IOException {
        pull();
        assertThat(kept(BASE)).hasBinaryContent(BASE);
        assertThat(kept(TOP)).hasBinaryContent(TOP);
        assertThat(files(cache().resolve("partial"))).isEmpty();
    }

    @Test
    void nothingIsFetchedTwice() throws IOException {
        assertAllIsWell();
        assertAllIsWell();
        assertThat(blobsAsked()).hasSize(3).doesNotHaveDuplicates();
        assertThat(Files.getPosixFilePermissions(cache())).hasSize(3);
        assertThat(warnings).isEmpty();
    }

    /// What arrived in part counts too, and goes first.
    @Test
    void unfinishedDownloadsAreWithinTheLimit() throws IOException {
        pull();
        Path begun = partial(new byte[] {1});
        Files.write(begun, new byte[1 << 20]);
        choice = new CacheChoice(true, null, 1 << 20, true);
        Files.delete(kept(TOP));
        assertAllIsWell();
        assertThat(begun).doesNotExist();
    }

    /// As in a container whose user has no name: nothing is kept, and nothing made in the current
    /// directory.
    @Test
    void aUserWithoutHomeHasNoCache() throws IOException {
        environment.put("HOME", "not/absolute");
        String known = System.setProperty("user.home", "?");
        try {
            pull();
        } finally {
            System.setProperty("user.home", known);
        }
        assertThat(Path.of("not")).doesNotExist();
        assertThat(Path.of("?")).doesNotExist();
    }

    @Test
    void aHomeThatTheLocaleCannotReadIsRefused() {
        environment.put("HOME", "/home/M\ufffdller");
        assertThatThrownBy(this::pull)
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("HOME: its encoding is not that of the locale");
    }

    /// What is a tar in the cache is read there: nothing temporary is made of it.
    @Test
    void whatLiesUncompressedIsNotCopied() throws IOException {
        pull();
        temporary = directory.resolve("no such directory");
        assertThat(contents("x:1")).containsExactlyInAnyOrder("base".repeat(100_000), "top");
        Files.delete(kept(BASE));
        assertThatThrownBy(this::pull).hasMessageContaining("cannot create a temporary file");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aDigestNeedsNoRegistryAgain() throws IOException {
        pull();
        String digest = registry.digest();
        int asked = registry.requests("/v2/x/").size();
        pull("x@" + digest);
        assertThat(registry.requests("/v2/x/")).hasSize(asked);
    }

    /// Docker Hub counts how often it sends a manifest, not how often it is asked about one.
    @Test
    void aTagIsAskedAboutAndItsManifestNotSentAgain() throws IOException {
        String path = "/v2/x/manifests/1";
        registry.change(
                path,
                good ->
                        (request, out) -> {
                            if (request.method().equals("HEAD")) {
                                Map<String, String> stated =
                                        Map.of("docker-content-digest", registry.digest());
                                Answer.of(200, stated, "").to(request, out);
                            } else {
                                good.to(request, out);
                            }
                        });
        pull();
        assertThat(registry.requests(path))
                .extracting(HostileRegistry.Request::method)
                .containsExactly("GET", "HEAD");
        byte[] other = new FileSet().file("c", "moved").tar();
        registry.serve(image(other).oci());
        assertThatThrownBy(this::pull).isInstanceOf(AssertionError.class);
        assertThat(kept(other)).exists();
    }

    @Test
    void whoWantsNoCacheHasNone() throws IOException {
        choice = CacheChoice.NONE;
        pull();
        assertThat(directory.resolve("home")).doesNotExist();
        assertThat(blobsAsked()).hasSize(6);
    }

    @Test
    void itLiesWhereItShall() throws IOException {
        environment.put("XDG_CACHE_HOME", directory.resolve("xdg").toString());
        pull();
        assertThat(directory.resolve("xdg/undocker/v1/blobs/sha256")).isNotEmptyDirectory();
        choice = new CacheChoice(true, directory.resolve("own"), CacheChoice.STANDARD_LIMIT, true);
        pull();
        assertThat(directory.resolve("own/v1/blobs/sha256")).isNotEmptyDirectory();
    }

    /// Also without verification: a cache can rot, and nobody would find it.
    @Test
    void aDamagedBlobIsReplaced() throws IOException {
        verify = false;
        pull();
        byte[] wrong = BASE.clone();
        wrong[wrong.length / 2]++;
        for (byte[] damaged : List.of(wrong, Arrays.copyOf(BASE, 1000), new byte[0])) {
            Files.delete(kept(BASE));
            Files.write(kept(BASE), damaged);
            warnings.clear();
            assertAllIsWell();
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .contains(kept(BASE).toString(), "damaged");
        }
        assertThat(blobsAsked()).filteredOn(HostileRegistry.blob(BASE)::equals).hasSize(4);
    }

    /// Wherever it is damaged: the decoder may notice before the digest does.
    @ParameterizedTest
    @EnumSource
    void whateverIsDamagedIsReplaced(ImageBuilder.Packing packing) throws IOException {
        registry.serve(image(BASE, TOP).packed(packing).oci());
        List<String> good = contents("x:1");
        List<Path> all = files(cache().resolve("blobs"));
        assertThat(all).hasSize(4);
        for (Path blob : all) {
            byte[] right = Files.readAllBytes(blob);
            for (int at : new int[] {0, right.length / 2, right.length - 1}) {
                byte[] wrong = right.clone();
                wrong[at] ^= 0x21;
                Files.delete(blob);
                Files.write(blob, wrong);
                warnings.clear();
                assertThat(contents("x:1")).isEqualTo(good);
                assertThat(warnings)
                        .singleElement()
                        .asString()
                        .contains(blob.toString(), "damaged");
                assertThat(blob).hasBinaryContent(right);
            }
        }
    }

    @Test
    void wrongBytesAreNotKept() throws IOException {
        byte[] wrong = BASE.clone();
        wrong[wrong.length / 2]++;
        registry.on(HostileRegistry.blob(BASE), HostileRegistry.ranged(wrong));
        for (boolean each : new boolean[] {true, false}) {
            verify = each;
            assertThatThrownBy(this::pull)
                    .isInstanceOf(UndockerException.class)
                    .hasMessageContaining("layer 1 (" + Digest.sha256(BASE))
                    .hasMessageContaining("does not match its digest");
            assertThat(kept(BASE)).doesNotExist();
        }
        registry.on(HostileRegistry.blob(BASE), HostileRegistry.ranged(BASE));
        assertAllIsWell();
    }

    @Test
    void whatWasBegunIsContinued() throws IOException {
        pull();
        Files.delete(kept(BASE));
        Files.write(partial(BASE), Arrays.copyOf(BASE, 1000));
        assertAllIsWell();
        assertThat(registry.requests(HostileRegistry.blob(BASE)).getLast().header("range"))
                .isEqualTo("bytes=1000-");
        // all but the name was there
        Files.move(kept(BASE), partial(BASE));
        int asked = blobsAsked().size();
        assertAllIsWell();
        assertThat(blobsAsked()).hasSize(asked);
        assertThat(warnings).isEmpty();
    }

    @Test
    void whoIsGivenUpIsSaidToGoOn() throws IOException {
        Answer rest = HostileRegistry.ranged(BASE);
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) -> {
                    if (request.header("range").isEmpty()) {
                        out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes());
                        out.write(BASE, 0, 40_000);
                    }
                });
        assertThatThrownBy(this::pull)
                .extracting(failure -> ((UndockerException) failure).hint())
                .isEqualTo("run it again: it goes on where it stopped");
        registry.on(HostileRegistry.blob(BASE), rest);
        pull();
        assertThat(registry.requests(HostileRegistry.blob(BASE)).getLast().header("range"))
                .isEqualTo("bytes=40000-");
        choice = CacheChoice.NONE;
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) ->
                        out.write(
                                "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx".getBytes()));
        assertThatThrownBy(this::pull)
                .extracting(failure -> ((UndockerException) failure).hint())
                .isNull();
        choice = CacheChoice.STANDARD;
        Files.deleteIfExists(kept(BASE));
        assertThatThrownBy(this::pull)
                .hasMessageContaining("broken off after 1 of ")
                .extracting(failure -> ((UndockerException) failure).hint())
                .isEqualTo("run it again: it goes on where it stopped");
    }

    /// In whole files and in others.
    @Test
    void noSecretIsKept() throws IOException {
        credentials = "me:secret";
        String token = "secret-token";
        registry.on(
                "/token",
                Answer.ok("application/json", "{\"token\":\"%s\"}".formatted(token).getBytes()));
        registry.change(
                "/v2/x/manifests/1",
                good ->
                        (request, out) ->
                                (request.header("authorization").isEmpty()
                                                ? Answer.of(
                                                        401,
                                                        Map.of(
                                                                "WWW-Authenticate",
                                                                "Bearer realm=\"http://%s/token\""
                                                                        .formatted(
                                                                                registry.host())),
                                                        "")
                                                : good)
                                        .to(request, out));
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) ->
                        out.write(
                                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nX: secret\r\n\r\nx"
                                        .getBytes()));
        assertThatThrownBy(this::pull).isInstanceOf(UndockerException.class);
        assertThat(partial(BASE)).hasContent("x");
        try (Stream<Path> files = Files.walk(cache())) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSizeGreaterThan(2);
            for (Path file : all) {
                assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("secret")
                        .doesNotContain(
                                java.util.Base64.getEncoder()
                                        .encodeToString("me:secret".getBytes()));
            }
        }
    }

    /// Some registries send to their storage for manifests too, and for what HEAD asks
    /// (moby#50065).
    @Test
    void aTagMayBeAskedAboutElsewhere() throws IOException {
        pull();
        registry.change(
                "/v2/x/manifests/1", good -> Answer.of(307, Map.of("Location", "/elsewhere"), ""));
        registry.on(
                "/elsewhere",
                Answer.of(200, Map.of("Docker-Content-Digest", registry.digest()), ""));
        pull();
        assertThat(registry.requests("/elsewhere"))
                .isNotEmpty()
                .allMatch(asked -> asked.method().equals("HEAD"));
    }

    @Test
    void aWrongBeginningIsForgotten() throws IOException {
        pull();
        for (int length : new int[] {1, 1000, BASE.length, BASE.length + 1000}) {
            Files.delete(kept(BASE));
            Files.write(partial(BASE), new byte[length]);
            assertAllIsWell();
        }
    }

    @Test
    void aServerThatIgnoresTheRangeIsReadOver() throws IOException {
        pull();
        Files.delete(kept(BASE));
        Files.write(partial(BASE), Arrays.copyOf(BASE, 1000));
        registry.on(HostileRegistry.blob(BASE), Answer.ok("application/octet-stream", BASE));
        assertAllIsWell();
    }

    @Test
    void whatWasNotUsedForLongestGoes() throws IOException {
        pull();
        choice = new CacheChoice(true, null, TOP.length + 10_000, true);
        Files.delete(kept(TOP));
        pull();
        assertThat(kept(TOP)).exists();
        assertThat(kept(BASE)).doesNotExist();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFileThatCannotBeACacheIsNoFailure() throws IOException {
        Files.createDirectories(directory.resolve("home"));
        Files.writeString(directory.resolve("home/.cache"), "");
        pull();
        assertThat(blobsAsked()).hasSize(6);
    }

    /// Not even where root is who runs this.
    @Test
    void linksInTheCacheAreNotFollowed() throws IOException {
        pull();
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Files.delete(kept(BASE));
        Files.createSymbolicLink(partial(BASE), victim);
        pull();
        assertThat(victim).hasContent("precious");
    }
}
