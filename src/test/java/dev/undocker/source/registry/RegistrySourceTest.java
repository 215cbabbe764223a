package dev.undocker.source.registry;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.ImageBuilder.multiPlatform;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.CacheChoice;
import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.ImageSource;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;
import dev.undocker.image.RegistryAccess;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.source.Opener;
import dev.undocker.source.SourceContract;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// What registries do, good ones and others. Each failure names the image and the host, and nothing
/// secret.
@Timeout(60)
class RegistrySourceTest implements SourceContract {
    private static final byte[] BASE = new FileSet().file("a", "base".repeat(100_000)).tar();
    private static final byte[] TOP = new FileSet().file("b", "top").tar();
    private static final String CHALLENGED = "WWW-Authenticate";

    @TempDir Path directory;
    private HostileRegistry registry;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Patience patience = Patience.USUAL;
    private FileSet layout;

    @BeforeEach
    void start() throws IOException {
        registry = new HostileRegistry();
        layout = image(BASE, TOP).oci();
        registry.serve(layout);
        environment.put("HOME", directory.resolve("home").toString());
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    private Image open(String name, @Nullable String credentials, @Nullable String platform) {
        return source().locate("docker", "//" + registry.host() + "/" + name)
                .open(
                        new OpenRequest(
                                platform == null ? null : Platform.parse(platform),
                                new TemporaryFiles(directory),
                                true,
                                new RegistryAccess(
                                        null,
                                        credentials == null ? null : () -> credentials,
                                        null,
                                        true,
                                        CacheChoice.NONE),
                                warnings::add));
    }

    /// Reads all of the image, with every check.
    private void pull(String name, @Nullable String credentials) throws IOException {
        try (Image image = open(name, credentials, null);
                ImageRootfs rootfs =
                        ImageRootfs.merge(
                                image, new TemporaryFiles(directory), true, 2, warnings::add)) {
            assertThat(rootfs.tree().contains(RootfsPath.of("a"))).isTrue();
            assertThat(rootfs.tree().contains(RootfsPath.of("b"))).isTrue();
            rootfs.verified();
        }
    }

    private void pull() throws IOException {
        pull("x:1", null);
    }

    @Override
    public ImageSource source() {
        return new RegistrySource(
                environment::get, directory.resolve("etc"), pauses::add, patience);
    }

    @Override
    public String transport() {
        return "docker";
    }

    @Override
    public String offer(ImageBuilder image, Path place) {
        registry.serve(image.oci());
        return "//" + registry.host() + "/x:1";
    }

    @Override
    public String nowhere(Path place) {
        return "//" + registry.host() + "/x:2";
    }

    private String failure(String name, @Nullable String credentials) {
        UndockerException failure =
                catchThrowableOfType(UndockerException.class, () -> pull(name, credentials));
        assertThat(failure).as("failure to pull").isNotNull();
        String said = failure.sentence() + " " + failure.hint();
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        assertThat(said).contains(registry.host());
        assertThat(said + trace + warnings).doesNotContain("secret");
        return failure.sentence().replace(registry.host(), "HOST");
    }

    private String failure() {
        return failure("x:1", null);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    @Test
    void anImageIsRead() throws IOException {
        try (Image image = open("x:1", null, null)) {
            Opener.assertLayers(image, BASE, TOP);
            assertThat(image.name()).isEqualTo(registry.host() + "/x:1");
            String digest = String.valueOf(image.manifestDigest());
            try (Image same = open("x@" + digest, null, null)) {
                Opener.assertLayers(same, BASE, TOP);
                assertThat(same.manifestDigest()).hasToString(digest);
            }
            try (Image same = open("x:gone@" + digest, null, null)) {
                Opener.assertLayers(same, BASE, TOP);
            }
        }
        pull();
        assertThat(pauses).isEmpty();
    }

    @Test
    void everythingIsFetchedOnce() throws IOException {
        pull();
        assertThat(registry.requests("/v2/x/").stream().map(HostileRegistry.Request::path))
                .hasSize(4)
                .doesNotHaveDuplicates();
        assertThat(registry.requests("/v2/x/manifests/1").getFirst().header("accept"))
                .contains("vnd.oci.image.index", "vnd.docker.distribution.manifest.list");
        assertThat(registry.requests("/"))
                .allMatch(asked -> asked.header("authorization").isEmpty());
        assertThat(registry.requests("/v2/x/"))
                .allMatch(asked -> asked.header("accept-encoding").equals("identity"));
    }

    @Test
    void aPlatformIsChosen() throws IOException {
        byte[] arm = new FileSet().file("arm", "x").tar();
        FileSet both =
                multiPlatform(
                        true,
                        image(BASE).platform("linux/amd64"),
                        image(arm).platform("linux/arm64/v8"));
        registry.serve(both);
        try (Image image = open("x:1", null, "linux/arm64")) {
            Opener.assertLayers(image, arm);
        }
        UndockerException failure =
                catchThrowableOfType(
                        UndockerException.class, () -> open("x:1", null, "linux/s390x").close());
        assertThat(failure).hasMessageContaining("no image for linux/s390x; there are:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer realm=\"REALM\",service=\"s\",scope=\"repository:x:pull\"",
                "bearer scope=\"repository:x:pull\" ,  service=s, realm=\"REALM\"",
                "Bearer realm=\"REALM\"",
                "Negotiate, Bearer realm=\"REALM\"",
                "Basic realm=\"x, y\", Bearer realm=\"REALM?more=1\"",
            })
    void aTokenIsFetched(String challenge) throws IOException {
        guard(challenge, "Bearer t1");
        registry.on("/token", Answer.ok("application/json", "{\"token\":\"t1\"}".getBytes(UTF_8)));
        pull();
        HostileRegistry.Request asked = registry.requests("/token").getFirst();
        assertThat(asked.path()).contains("scope=repository%3Ax%3Apull");
        assertThat(asked.header("authorization")).isEmpty();
        assertThat(registry.requests("/token")).hasSize(1);
        assertThat(asked.path().contains("more=1&")).isEqualTo(challenge.contains("more=1"));
    }

    /// Only who has the header is answered.
    private void guard(String challenge, String... headers) {
        String said = challenge.replace("REALM", "http://" + registry.host() + "/token");
        for (String path : paths()) {
            registry.change(
                    path,
                    good ->
                            (request, out) -> {
                                boolean let =
                                        List.of(headers).contains(request.header("authorization"));
                                Answer refusal = Answer.of(401, Map.of(CHALLENGED, said), "");
                                (let ? good : refusal).to(request, out);
                            });
        }
    }

    private List<String> paths() {
        List<String> paths = new ArrayList<>(List.of("/v2/x/manifests/1"));
        for (String name : layout.names()) {
            if (name.startsWith("blobs/")) {
                paths.add("/v2/x/blobs/" + name.substring("blobs/".length()).replace('/', ':'));
            }
        }
        return paths;
    }

    @Test
    void aTokenServerIsToldWhoTheUserIs() throws IOException {
        guard("Bearer realm=\"REALM\",service=\"s\"", "Bearer t1");
        registry.on(
                "/token",
                (request, out) ->
                        (request.header("authorization").equals(basic("me:secret"))
                                        ? Answer.ok(
                                                "application/json",
                                                "{\"access_token\":\"t1\"}".getBytes(UTF_8))
                                        : Answer.of(401, Map.of(), ""))
                                .to(request, out));
        pull("x:1", "me:secret");
        assertThat(registry.requests("/token").getFirst().path()).contains("account=me");
        assertThat(failure("x:1", "me:secret1"))
                .isEqualTo("docker://HOST/x:1: HOST: access denied to whom the credentials name");
    }

    @Test
    void aPasswordGoesToWhoAsksForIt() throws IOException {
        guard("Basic realm=\"x\"", basic("me:secret"));
        pull("x:1", "me:secret");
        assertThat(registry.requests("/v2/x/manifests/").getFirst().header("authorization"))
                .isEmpty();
        assertThat(failure("x:1", "me:secret2")).contains("access denied to whom the credentials");
        assertThat(failure("x:1", null)).contains("access denied");
    }

    @Test
    void registriesConfSaysWhereAnImageIsAndWhoKnowsTheUser() throws IOException {
        Path program = directory.resolve("bin/docker-credential-keeper");
        Files.createDirectories(program.getParent());
        Files.writeString(
                program, "#!/bin/sh\necho '{\"Username\": \"me\", \"Secret\": \"secret\"}'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        environment.put("PATH", program.getParent().toString());
        Path conf = directory.resolve("etc/containers/registries.conf");
        Files.createDirectories(conf.getParent());
        Files.writeString(
                conf,
                """
                credential-helpers = ["keeper"]
                [[registry]]
                prefix = "%1$s/moved:2"
                location = "%1$s/x:1"
                """
                        .formatted(registry.host()));
        guard("Basic realm=\"x\"", basic("me:secret"));
        pull("moved:2", null);
        assertThat(failure("moved:3", null)).startsWith("docker://HOST/moved:3: HOST: no such");
    }

    @Test
    void anIdentityTokenIsExchanged() throws IOException {
        Path file = directory.resolve("home/.docker/config.json");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "{\"auths\":{\"%s\":{\"identitytoken\":\"secret-token\"}}}"
                        .formatted(registry.host()));
        guard("Bearer realm=\"REALM\",service=\"s\"", "Bearer t1");
        registry.on("/token", Answer.ok("application/json", "{\"token\":\"t1\"}".getBytes(UTF_8)));
        pull();
        HostileRegistry.Request asked = registry.requests("/token").getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.body())
                .contains("grant_type=refresh_token", "refresh_token=secret-token", "service=s");
    }

    /// In the middle of a pull.
    @Test
    void aTokenThatRunsOutIsReplaced() throws IOException {
        guard("Bearer realm=\"REALM\"", "Bearer t1", "Bearer t2");
        AtomicInteger tokens = new AtomicInteger();
        registry.on(
                "/token",
                (request, out) ->
                        Answer.ok(
                                        "application/json",
                                        "{\"token\":\"t%d\"}"
                                                .formatted(tokens.incrementAndGet())
                                                .getBytes(UTF_8))
                                .to(request, out));
        registry.change(
                HostileRegistry.blob(BASE),
                good ->
                        (request, out) ->
                                (request.header("authorization").equals("Bearer t1")
                                                ? Answer.of(
                                                        401,
                                                        Map.of(
                                                                CHALLENGED,
                                                                "Bearer realm=\"http://%s/token\""
                                                                        .formatted(
                                                                                registry.host())),
                                                        "")
                                                : good)
                                        .to(request, out));
        pull();
        assertThat(tokens).hasValue(2);
    }

    @Test
    void anotherServerGetsNoCredentials() throws IOException {
        guard("Basic realm=\"x\"", basic("me:secret"));
        try (HostileRegistry storage = new HostileRegistry()) {
            storage.on("/blob", HostileRegistry.ranged(BASE));
            registry.change(
                    HostileRegistry.blob(BASE),
                    good ->
                            (request, out) ->
                                    (request.header("authorization").isEmpty()
                                                    ? good
                                                    : Answer.of(
                                                            307,
                                                            Map.of(
                                                                    "Location",
                                                                    "http://%s/blob"
                                                                            .formatted(
                                                                                    storage
                                                                                            .host())),
                                                            ""))
                                            .to(request, out));
            pull("x:1", "me:secret");
            assertThat(storage.requests("/blob"))
                    .isNotEmpty()
                    .allMatch(asked -> asked.header("authorization").isEmpty());
        }
    }

    @Test
    void aRelativeAddressIsFollowed() throws IOException {
        registry.on("/elsewhere", HostileRegistry.ranged(BASE));
        registry.on(
                HostileRegistry.blob(BASE),
                Answer.of(302, Map.of("Location", "/elsewhere?signed=1"), ""));
        pull();
    }

    @Test
    void aLoopEnds() {
        registry.on(
                HostileRegistry.blob(BASE),
                Answer.of(302, Map.of("Location", HostileRegistry.blob(BASE)), ""));
        assertThat(failure()).contains("sent on more than 10 times");
    }

    @ParameterizedTest
    @CsvSource({
        "file:///etc/passwd,what is no server: file://",
        "http://127.0.0.1:99999/,what is no server: http://127.0.0.1:99999",
        "http://127.0.0.1:0/,what is no server: http://127.0.0.1:0",
        "http://127.0.0.1:12345678901/,what is no server: http://",
        "http://192.168.1/x,what is no server: http://192.168.1",
        "https:///x,what is no server: https://",
        "http:x,what is no server: http://",
        "http://a b/x,what is no server: http://",
        "http://[::x]/,what is no URL",
        "http://u:secret@:80/,what is no server: http://",
    })
    void nowhereIsNoPlace(String location, String said) {
        registry.on(HostileRegistry.blob(BASE), Answer.of(302, Map.of("Location", location), ""));
        assertThat(failureAnywhere()).contains("sent on to " + said).doesNotContain("secret");
        guard("Bearer realm=\"%s\"".formatted(location), "Bearer t1");
        assertThat(failure()).contains(": the token server that it names ");
    }

    /// As it ought not to be written, and is.
    @Test
    void anAddressNeedNotBeEscaped() throws IOException {
        registry.on("/else%20where", HostileRegistry.ranged(BASE));
        registry.on(
                HostileRegistry.blob(BASE),
                Answer.of(302, Map.of("Location", "/else where?a=b c|d%&e=%7c\u00c3\u00a4"), ""));
        pull();
        assertThat(registry.requests("/else").getFirst().path())
                .isEqualTo("/else%20where?a=b%20c%7Cd%25&e=%7c%C3%A4");
    }

    /// No name of the DNS has one, but buckets have.
    @Test
    void aHostMayHaveAnUnderscore() throws IOException {
        String bucket = "http://my_bucket.storage.test/blob";
        environment.put("http_proxy", registry.host());
        registry.on(bucket, HostileRegistry.ranged(BASE));
        registry.on(
                HostileRegistry.blob(BASE),
                Answer.of(302, Map.of("Location", bucket + "?s=1"), ""));
        pull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9000000000000000000",
                "31556889864403199",
                "9e18",
                "-5",
                "300.5",
                "null",
                "\"300\"",
                "99999999999999999999999"
            })
    void aTokenMayLiveForEver(String life) throws IOException {
        guard("Bearer realm=\"REALM\"", "Bearer t1");
        registry.on(
                "/token",
                Answer.ok(
                        "application/json",
                        "{\"token\":\"t1\",\"expires_in\":%s}".formatted(life).getBytes(UTF_8)));
        pull();
        assertThat(registry.requests("/token")).hasSize(1);
    }

    @Test
    void aTokenServerMustNotBeWhoeverIsNearby() {
        guard("Bearer realm=\"http://token.example/t\"", "Bearer t1");
        assertThat(failure("x:1", "me:secret")).contains("cannot be trusted: http://token.example");
        guard("Bearer realm=\"file:///etc/passwd\"", "Bearer t1");
        assertThat(failure()).contains("cannot be trusted");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void whatMayPassIsTriedAgain(int status) throws IOException {
        AtomicInteger left = new AtomicInteger(3);
        for (String path : paths()) {
            registry.change(
                    path,
                    good ->
                            (request, out) ->
                                    (left.getAndDecrement() > 0
                                                    ? Answer.of(status, Map.of(), "")
                                                    : good)
                                            .to(request, out));
        }
        pull();
        assertThat(pauses).hasSize(3);
        assertThat(pauses.get(2)).isBetween(Duration.ofSeconds(4), Duration.ofMillis(4250));
    }

    @Test
    void afterFiveTimesItIsOver() {
        registry.on("/v2/x/manifests/1", Answer.of(503, Map.of(), ""));
        assertThat(failure()).isEqualTo("docker://HOST/x:1: HOST: it answers with status 503");
        assertThat(registry.requests("/v2/x/manifests/1")).hasSize(5);
    }

    @Test
    void aServerSaysWhenToComeBack() throws IOException {
        AtomicInteger left = new AtomicInteger(1);
        registry.change(
                "/v2/x/manifests/1",
                good ->
                        (request, out) ->
                                (left.getAndDecrement() > 0
                                                ? Answer.of(429, Map.of("Retry-After", "7.5"), "")
                                                : good)
                                        .to(request, out));
        pull();
        assertThat(pauses).hasSize(1);
        assertThat(pauses.getFirst()).isBetween(Duration.ofMillis(7500), Duration.ofMillis(7750));
        registry.on("/v2/x/manifests/1", Answer.of(429, Map.of("Retry-After", "3600"), ""));
        assertThat(failure()).contains("too many requests, wait until 20");
    }

    /// However often it breaks, since each connection brings something.
    @Test
    void aBrokenDownloadGoesOn() throws IOException {
        AtomicInteger breaks = new AtomicInteger(7);
        registry.change(
                HostileRegistry.blob(BASE),
                good ->
                        (request, out) -> {
                            if (breaks.getAndDecrement() > 0) {
                                cut(request, out, 50_000);
                            } else {
                                good.to(request, out);
                            }
                        });
        pull();
        List<HostileRegistry.Request> asked = registry.requests(HostileRegistry.blob(BASE));
        assertThat(asked.stream().map(request -> request.header("range")))
                .containsExactly(
                        "",
                        "bytes=50000-",
                        "bytes=100000-",
                        "bytes=150000-",
                        "bytes=200000-",
                        "bytes=250000-",
                        "bytes=300000-",
                        "bytes=350000-");
    }

    /// Says that everything follows, and breaks off.
    private static void cut(HostileRegistry.Request request, java.io.OutputStream out, int after)
            throws IOException {
        String range = request.header("range");
        int from = range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        String head =
                from == 0
                        ? "HTTP/1.1 200 OK\r\n"
                        : "HTTP/1.1 206 OK\r\nContent-Range: bytes %d-%d/%d\r\n"
                                .formatted(from, BASE.length - 1, BASE.length);
        out.write((head + "Content-Length: " + (BASE.length - from) + "\r\n\r\n").getBytes(UTF_8));
        out.write(Arrays.copyOfRange(BASE, from, from + after));
        out.flush();
        throw new SocketException("cut");
    }

    @Test
    void aServerThatIgnoresTheRangeIsReadOver() throws IOException {
        AtomicInteger breaks = new AtomicInteger(1);
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) -> {
                    if (breaks.getAndDecrement() > 0) {
                        cut(request, out, 50_000);
                    } else {
                        Answer.ok("application/octet-stream", BASE).to(request, out);
                    }
                });
        pull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 7-8/9", "bytes 99999999999999999999999-3/4", "x"})
    void anotherPartIsRefused(String range) {
        AtomicInteger breaks = new AtomicInteger(1);
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) -> {
                    if (breaks.getAndDecrement() > 0) {
                        cut(request, out, 50_000);
                    } else {
                        Answer.of(206, Map.of("Content-Range", range), "xx").to(request, out);
                    }
                });
        assertThat(failure()).contains("another part than was asked for");
    }

    @Test
    void aDownloadThatAlwaysBreaksFails() {
        registry.on(HostileRegistry.blob(BASE), (request, out) -> cut(request, out, 0));
        assertThat(failure())
                .contains(HostileRegistry.blob(BASE))
                .endsWith(
                        "broken off after 0 of %d bytes: the connection ended"
                                .formatted(BASE.length));
        assertThat(registry.requests(HostileRegistry.blob(BASE))).hasSize(5);
    }

    /// What could not be had is no fault of the layer's, and is not asked for once more.
    @Test
    void whatIsGivenUpIsGivenUpOnce() {
        AtomicInteger first = new AtomicInteger(1);
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) -> {
                    if (first.getAndDecrement() > 0) {
                        cut(request, out, 50_000);
                    } else {
                        Answer.of(500, Map.of(), "").to(request, out);
                    }
                });
        assertThat(failure()).isEqualTo("docker://HOST/x:1: HOST: it answers with status 500");
        assertThat(registry.requests(HostileRegistry.blob(BASE))).hasSize(6);
    }

    @Test
    void wrongBytesAreNeverTaken() {
        byte[] wrong = BASE.clone();
        wrong[600] ^= 1;
        registry.on(HostileRegistry.blob(BASE), HostileRegistry.ranged(wrong));
        assertThat(failureAnywhere())
                .contains(
                        "layer 1 (sha256:",
                        "does not match its",
                        "from %1$s for docker://%1$s/x:1".formatted(registry.host()));
    }

    @Test
    void moreBytesThanThereShouldBeAreNotRead() {
        registry.on(
                HostileRegistry.blob(BASE),
                HostileRegistry.ranged(Arrays.copyOf(BASE, BASE.length + 100)));
        assertThat(failureAnywhere()).contains("more than the %d bytes".formatted(BASE.length));
    }

    /// What concerns a layer alone need not name the host.
    private String failureAnywhere() {
        UndockerException failure = catchThrowableOfType(UndockerException.class, this::pull);
        assertThat(failure).isNotNull();
        return failure.sentence();
    }

    @Test
    void aSwappedManifestIsFound() {
        String digest = Digest.sha256(BASE).toString();
        registry.on(
                "/v2/x/manifests/" + digest, Answer.ok("application/json", "{}".getBytes(UTF_8)));
        assertThat(failureOf("x@" + digest)).contains("does not match its digest: it is sha256:");
    }

    private String failureOf(String name) {
        return failure(name, null);
    }

    @Test
    void anEndlessManifestIsNotReadToItsEnd() {
        registry.on(
                "/v2/x/manifests/1",
                (request, out) -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
                    while (true) {
                        out.write(new byte[65536]);
                    }
                });
        assertThat(failure()).contains("more than the 4194304 bytes");
    }

    @Test
    void schema1IsRefused() {
        registry.on(
                "/v2/x/manifests/1",
                Answer.ok(
                        "application/vnd.docker.distribution.manifest.v1+prettyjws",
                        "{\"schemaVersion\":1,\"fsLayers\":[],\"history\":[]}".getBytes(UTF_8)));
        assertThat(failure()).contains("Docker's schema 1");
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(failureOf("x:2")).isEqualTo("docker://HOST/x:2: HOST: no such tag or digest");
        registry.on(
                "/v2/y/manifests/1",
                Answer.of(
                        404,
                        Map.of(),
                        "{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"unknown\"}]}"));
        assertThat(failureOf("y:1"))
                .isEqualTo(
                        "docker://HOST/y:1: HOST: no such repository (NAME_UNKNOWN:" + " unknown)");
        registry.on(HostileRegistry.blob(BASE), Answer.of(404, Map.of(), ""));
        assertThat(failureOf("x:1"))
                .isEqualTo(
                        "docker://HOST/x:1: HOST: the blob %s of the image is not there"
                                .formatted(Digest.sha256(BASE)));
        registry.on("/v2/z/manifests/1", Answer.of(403, Map.of(), "denied"));
        assertThat(failureOf("z:1")).isEqualTo("docker://HOST/z:1: HOST: access denied");
    }

    @Test
    void aTokenServerThatGivesNone() {
        guard("Bearer realm=\"REALM\"", "Bearer t1");
        registry.on("/token", Answer.ok("application/json", "{\"a\":1}".getBytes(UTF_8)));
        assertThat(failure()).endsWith("no token in it");
        registry.on("/token", Answer.ok("application/json", "<html>".getBytes(UTF_8)));
        assertThat(failure()).contains("docker://HOST/x:1: HOST: token");
        registry.on(
                "/token",
                (request, out) -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\n{\"token\":\"".getBytes(UTF_8));
                    while (true) {
                        out.write(new byte[65536]);
                    }
                });
        assertThat(failure()).contains("a token of more than 1048576 bytes");
        registry.on("/token", Answer.of(404, Map.of(), ""));
        assertThat(failure()).contains("gives no token: it answers with status 404");
    }

    /// Whatever is wrong with it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"token\":\"secret\\nto: x\"}",
                "{\"token\":\"secret\\u0000\"}",
                "{\"access_token\":\"secret\u00e4\"}",
                "{\"token\":\"secret to\"}",
                "{\"token\":secret}"
            })
    void aTokenIsNotShown(String answer) {
        guard("Bearer realm=\"REALM\"", "Bearer t1");
        registry.on("/token", Answer.ok("application/json", answer.getBytes(UTF_8)));
        assertThat(failure()).startsWith("docker://HOST/x:1: HOST: token: not ");
    }

    /// Not every token server knows the exchange (ggcr's `bearer.go` does the same).
    @Test
    void anIdentityTokenIsAskedForWithoutAnExchangeToo() throws IOException {
        Path file = directory.resolve("home/.docker/config.json");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "{\"auths\":{\"%s\":{\"identitytoken\":\"secret-token\"}}}"
                        .formatted(registry.host()));
        guard("Bearer realm=\"REALM\"", "Bearer t1");
        registry.on(
                "/token",
                (request, out) ->
                        (request.method().equals("POST")
                                        ? Answer.of(404, Map.of(), "")
                                        : Answer.ok(
                                                "application/json",
                                                "{\"token\":\"t1\"}".getBytes(UTF_8)))
                                .to(request, out));
        pull();
    }

    /// Signed addresses live for minutes: what broke off is asked of the registry again.
    @Test
    void anAddressThatRanOutIsAskedForAgain() throws IOException {
        AtomicInteger given = new AtomicInteger();
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) ->
                        Answer.of(307, Map.of("Location", "/signed" + given.incrementAndGet()), "")
                                .to(request, out));
        AtomicInteger first = new AtomicInteger(1);
        registry.on(
                "/signed1",
                (request, out) -> {
                    if (first.getAndDecrement() > 0) {
                        cut(request, out, 50_000);
                    } else {
                        Answer.of(403, Map.of(), "expired").to(request, out);
                    }
                });
        registry.on("/signed2", HostileRegistry.ranged(BASE));
        pull();
        assertThat(registry.requests("/signed2").getFirst().header("range"))
                .isEqualTo("bytes=50000-");
    }

    @Test
    void aManifestMayBeElsewhere() throws IOException {
        registry.change(
                "/v2/x/manifests/1",
                good -> {
                    registry.on("/elsewhere", good);
                    return Answer.of(302, Map.of("Location", "/elsewhere"), "");
                });
        pull();
    }

    /// Neither says anything: the digest is computed, the kind is in the document.
    @ParameterizedTest
    @ValueSource(strings = {"Docker-Content-Digest", "Content-Type", "X"})
    void headersOfAManifestAreNotBelieved(String header) throws IOException {
        byte[] manifest = manifest();
        registry.on(
                "/v2/x/manifests/1",
                Answer.of(200, Map.of(header, "sha256:" + "0".repeat(64)), manifest));
        try (Image image = open("x:1", null, null)) {
            assertThat(image.manifestDigest()).isEqualTo(Digest.sha256(manifest));
        }
        pull();
    }

    private byte[] manifest() {
        String index = new String(layout.content("index.json"), UTF_8);
        return layout.content(
                "blobs/sha256/"
                        + index.replaceAll(
                                "(?s).*?\"digest\"\\s*:\\s*\"sha256:(\\w{64})\".*", "$1"));
    }

    private void serveManifest(String json) {
        registry.on("/v2/x/manifests/1", Answer.ok("application/json", json.getBytes(UTF_8)));
    }

    @Test
    void aManifestThatIsAnIndexTooIsRefused() {
        String json = new String(manifest(), UTF_8);
        serveManifest(json.replaceFirst("\\{", "{\"manifests\":[],"));
        assertThat(failure()).contains("manifests", "layers");
    }

    /// By digest it cannot be true, and is found before it is followed.
    @Test
    void anIndexThatContainsItselfEnds() {
        String self = "sha256:" + "0".repeat(64);
        String json =
                """
                {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                 "manifests": [{"mediaType": "application/vnd.oci.image.index.v1+json",
                   "digest": "%s", "size": 300}]}
                """
                        .formatted(self);
        serveManifest(json);
        registry.on("/v2/x/manifests/" + self, Answer.ok("application/json", json.getBytes(UTF_8)));
        assertThat(failure()).contains(self);
        assertThat(registry.requests("/v2/x/manifests/" + self)).hasSizeLessThan(3);
    }

    @Test
    void aConfigOfAnotherSizeIsRefused() {
        String json = new String(manifest(), UTF_8);
        serveManifest(json.replaceFirst("\"size\"\\s*:\\s*\\d+", "\"size\":7"));
        assertThat(failure()).contains("more than the 7 bytes");
    }

    /// The rest is asked for again and again: there is none.
    @Test
    void fewerBytesThanThereShouldBe() {
        byte[] half = Arrays.copyOf(BASE, 100_000);
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) ->
                        (request.header("range").isEmpty()
                                        ? Answer.ok("application/octet-stream", half)
                                        : Answer.of(416, Map.of(), ""))
                                .to(request, out));
        assertThat(failure())
                .contains(
                        HostileRegistry.blob(BASE),
                        "broken off after 100000 of %d bytes: ".formatted(BASE.length));
    }

    /// Without a length, and for ever.
    @Test
    void anEndlessBlobIsNotReadToItsEnd() {
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
                    while (true) {
                        out.write(new byte[65536]);
                    }
                });
        assertThat(failureAnywhere()).contains("more than the %d bytes".formatted(BASE.length));
    }

    /// A server that says so of what is in gzip by itself does no harm (moby#17595); one that
    /// encodes unasked is named.
    @Test
    void anEncodingIsNotUndone() throws IOException {
        registry.on(
                HostileRegistry.blob(BASE),
                Answer.of(200, Map.of("Content-Encoding", "x-gzip"), BASE));
        pull();
        registry.on(
                HostileRegistry.blob(BASE),
                Answer.of(200, Map.of("Content-Encoding", "gzip"), ImageBuilder.gzip(BASE)));
        assertThat(failure()).contains("as the server says in the encoding gzip");
    }

    @Test
    void aServerThatHasNoSuchPartIsAskedForAll() throws IOException {
        AtomicInteger breaks = new AtomicInteger(1);
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) -> {
                    if (breaks.getAndDecrement() > 0) {
                        cut(request, out, 50_000);
                    } else if (request.header("range").isEmpty()) {
                        Answer.ok("application/octet-stream", BASE).to(request, out);
                    } else {
                        Answer.of(416, Map.of(), "").to(request, out);
                    }
                });
        pull();
    }

    @Test
    void aDownloadThatStallsGoesOn() throws IOException {
        patience = new Patience(Duration.ofSeconds(10), Duration.ofMillis(300));
        AtomicInteger stalls = new AtomicInteger(2);
        registry.change(
                HostileRegistry.blob(BASE),
                good ->
                        (request, out) -> {
                            if (stalls.getAndDecrement() > 0) {
                                stall(() -> cut(request, out, 50_000));
                            } else {
                                good.to(request, out);
                            }
                        });
        pull();
        registry.on(HostileRegistry.blob(BASE), (request, out) -> stall(() -> {}));
        assertThat(failure()).contains("has sent nothing");
    }

    private interface Sending {
        void run() throws IOException;
    }

    /// Keeps the connection and says nothing more.
    private static void stall(Sending sending) throws IOException {
        try {
            sending.run();
        } catch (SocketException e) {
            // so far it is sent
        }
        try {
            Thread.sleep(3000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SocketException("stalled");
    }

    @Test
    void aServerMayNameADate() throws IOException {
        AtomicInteger left = new AtomicInteger(1);
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(30));
        registry.change(
                "/v2/x/manifests/1",
                good ->
                        (request, out) ->
                                (left.getAndDecrement() > 0
                                                ? Answer.of(429, Map.of("Retry-After", date), "")
                                                : good)
                                        .to(request, out));
        pull();
        assertThat(pauses).hasSize(1);
        assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(31));
    }

    @Test
    void nobodyThere() throws IOException {
        registry.close();
        assertThat(failure()).contains("connection refused");
    }

    @Test
    void aMirrorComesFirstAndNeedNotHaveIt() throws IOException {
        try (HostileRegistry mirror = new HostileRegistry()) {
            mirror(mirror.host());
            pull("x:1", "me:secret");
            assertThat(mirror.requests("/v2/x/manifests/1")).hasSize(1);
            assertThat(warnings).isEmpty();
            mirror.serve(layout);
            int before = registry.requests("/v2/x/").size();
            pull("x:1", "me:secret");
            assertThat(registry.requests("/v2/x/")).hasSize(before);
            assertThat(mirror.requests("/"))
                    .allMatch(asked -> asked.header("authorization").isEmpty());
        }
    }

    /// Whatever it is; the user hears of it once.
    @ParameterizedTest
    @ValueSource(strings = {"503", "html", "nowhere", "no config", "swapped", "401"})
    void aMirrorMayFail(String how) throws IOException {
        try (HostileRegistry mirror = new HostileRegistry()) {
            mirror(mirror.host());
            String path = "/v2/x/manifests/" + (how.equals("swapped") ? registry.digest() : "1");
            mirror.on(
                    path,
                    switch (how) {
                        case "503" -> Answer.of(503, Map.of(), "");
                        case "html" -> Answer.ok("text/html", "<html>".getBytes(UTF_8));
                        case "nowhere" ->
                                Answer.of(302, Map.of("Location", "http://127.0.0.1:99999/"), "");
                        case "401" ->
                                Answer.of(
                                        401,
                                        Map.of(CHALLENGED, "Bearer realm=\"http://127.0.0.1:1/t\""),
                                        "");
                        case "swapped" -> Answer.ok("application/json", "{}".getBytes(UTF_8));
                        default -> Answer.ok("application/json", manifest());
                    });
            pull(how.equals("swapped") ? "x@" + registry.digest() : "x:1", null);
            assertThat(mirror.requests(path)).isNotEmpty();
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .startsWith("mirror %s: passed over: ".formatted(mirror.host()));
        }
    }

    private void mirror(String host) throws IOException {
        Path conf = directory.resolve("etc/containers/registries.conf");
        Files.createDirectories(conf.getParent());
        Files.writeString(
                conf,
                """
                [[registry]]
                location = "%s"
                [[registry.mirror]]
                location = "%s"
                """
                        .formatted(registry.host(), host));
    }

    private static String nobody() throws IOException {
        try (HostileRegistry gone = new HostileRegistry()) {
            return gone.host();
        }
    }

    /// Who is to blame is not always the registry.
    @Test
    void aFailureIsOfWhoFails() throws IOException {
        String gone = nobody();
        String refused = ": nobody listens there: connection refused";
        registry.on(
                HostileRegistry.blob(BASE),
                Answer.of(302, Map.of("Location", "http://%s/".formatted(gone)), ""));
        assertThat(failure()).isEqualTo("docker://HOST/x:1: HOST: sent on to " + gone + refused);
        guard("Bearer realm=\"http://%s/\"".formatted(gone), "Bearer t1");
        assertThat(failure()).isEqualTo("docker://HOST/x:1: HOST: token server " + gone + refused);
        registry.serve(layout);
        try (HostileRegistry storage = new HostileRegistry()) {
            registry.on(
                    HostileRegistry.blob(BASE),
                    Answer.of(302, Map.of("Location", "http://%s/".formatted(storage.host())), ""));
            storage.on("/", Answer.of(403, Map.of(), "expired"));
            assertThat(failure())
                    .isEqualTo(
                            ("docker://HOST/x:1: HOST: sent on to %s: it answers with status"
                                            + " 403")
                                    .formatted(storage.host()));
        }
        environment.put("http_proxy", registry.host());
        registry.on(
                HostileRegistry.blob(BASE),
                Answer.of(302, Map.of("Location", "http://storage.test/x"), ""));
        registry.on("http://storage.test/x", Answer.of(407, Map.of(), ""));
        assertThat(failure())
                .isEqualTo(
                        "docker://HOST/x:1: HOST: proxy HOST: it refuses who is not known to it:"
                                + " status 407");
        environment.put("https_proxy", gone);
        assertThat(failureOfAnother()).isEqualTo("proxy " + gone + refused);
        environment.put("https_proxy", "no.such.host.invalid:80");
        assertThat(failureOfAnother()).isEqualTo("proxy no.such.host.invalid:80: no such host");
    }

    @ParameterizedTest
    @CsvSource({
        "407,it refuses who is not known to it: status 407",
        "403,it makes no tunnel: status 403",
        "502,it makes no tunnel: status 502",
    })
    void aProxyMayRefuse(int status, String said) {
        environment.put("https_proxy", "http://u:secret@" + registry.host());
        registry.on(
                "registry.test:443",
                Answer.of(status, Map.of("Proxy-Authenticate", "Basic realm=\"x\""), ""));
        assertThat(failureOfAnother()).isEqualTo("proxy %s: %s".formatted(registry.host(), said));
    }

    /// Of a registry with TLS.
    private String failureOfAnother() {
        UndockerException failure = another();
        assertThat(failure.sentence()).doesNotContain("secret");
        return failure.sentence().replace("docker://registry.test/x:1: registry.test: ", "");
    }

    private UndockerException another() {
        return catchThrowableOfType(
                UndockerException.class,
                () ->
                        source().locate("docker", "//registry.test/x:1")
                                .open(
                                        new OpenRequest(
                                                null,
                                                new TemporaryFiles(directory),
                                                true,
                                                new RegistryAccess(
                                                        null, null, null, true, CacheChoice.NONE),
                                                warnings::add)));
    }

    @Test
    void aRegistryWithoutTlsIsNoQuestionOfCertificates() {
        environment.put("https_proxy", registry.host());
        registry.on(
                "registry.test:443",
                (request, out) -> {
                    greeted(request, out);
                    out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                });
        assertThat(failureOfAnother()).isEqualTo("it speaks no TLS");
        assertThat(another().hint())
                .contains("--tls-verify false", "insecure = true", "registries.conf");
        registry.on("registry.test:443", RegistrySourceTest::greeted);
        assertThat(failureOfAnother()).isEqualTo("it ends the connection where TLS should begin");
        assertThat(another().hint()).contains("if it has none", "--tls-verify false");
    }

    /// Makes a tunnel and reads the first record of TLS (RFC 8446, 5.1).
    private static void greeted(HostileRegistry.Request request, java.io.OutputStream out)
            throws IOException {
        out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
        out.flush();
        byte[] head = request.rest().readNBytes(5);
        request.rest().readNBytes((head[3] & 0xff) << 8 | head[4] & 0xff);
    }

    @Test
    void whoSpeaksNoHttpIsNoRegistry() {
        registry.on(
                "/v2/x/manifests/1", (request, out) -> out.write("hello world".getBytes(UTF_8)));
        assertThat(failure()).isEqualTo("docker://HOST/x:1: HOST: it does not speak HTTP");
    }

    @ParameterizedTest
    @CsvSource({
        "'Bearer service=\"s\"','it wants a token, and does not say where there are any'",
        "'Bearer realm=\"\"','it wants a token, and does not say where there are any'",
        "Negotiate,'it wants a login by negotiate, which is not supported'",
        "'Digest realm=\"x\", nonce=\"y\", Negotiate','it wants a login by digest or negotiate,"
                + " which is not supported'",
    })
    void aChallengeThatCannotBeMet(String challenge, String said) {
        guard(challenge, "Bearer t1");
        assertThat(failure()).isEqualTo("docker://HOST/x:1: HOST: " + said);
    }

    @Test
    void aTokenServerIsHeard() throws IOException {
        guard("Bearer realm=\"REALM\"", "Bearer t1");
        registry.on("/token", Answer.of(429, Map.of("Retry-After", "3600"), ""));
        assertThat(failure()).contains("HOST: token server HOST: too many requests, wait until 20");
        registry.on("/token", Answer.of(403, Map.of(), "{\"details\": \"no more\"}"));
        assertThat(failure()).isEqualTo("docker://HOST/x:1: HOST: access denied (no more)");
        registry.on(
                "/token",
                Answer.of(
                        401,
                        Map.of(),
                        "{\"error\": \"invalid_grant\", \"error_description\": \"old\"}"));
        assertThat(failure())
                .isEqualTo("docker://HOST/x:1: HOST: access denied (invalid_grant: old)");
        registry.on("/token", Answer.of(503, Map.of(), ""));
        int before = registry.requests("/token").size();
        assertThat(failure())
                .endsWith("token server HOST: it gives no token: it answers with status 503");
        assertThat(registry.requests("/token")).hasSize(before + 5);
        registry.on("/token", Answer.of(307, Map.of("Location", "/other?a=b"), ""));
        registry.on("/other", Answer.ok("application/json", "{\"token\":\"t1\"}".getBytes(UTF_8)));
        pull();
        registry.on("/token", Answer.of(307, Map.of("Location", "http://x:0/"), ""));
        assertThat(failure())
                .endsWith("token server HOST: sent on to what is no server: http://x:0");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"errors\":[{}]}',''",
        "'{\"errors\":[{\"message\":\"no\"}]}',' (no)'",
        "'{\"errors\":[{\"code\":null,\"message\":null}]}',''",
        "'{\"errors\":[\"a\"]}',''",
        "'{}',''",
    })
    void anErrorNeedNotSayMuch(String body, String said) {
        registry.on("/v2/x/manifests/1", Answer.of(418, Map.of(), body));
        assertThat(failure())
                .isEqualTo("docker://HOST/x:1: HOST: it answers with status 418" + said);
    }

    @Test
    void challengesMayBeInTwoHeaders() throws IOException {
        registry.on("/token", Answer.ok("application/json", "{\"token\":\"t1\"}".getBytes(UTF_8)));
        registry.change(
                "/v2/x/manifests/1",
                good ->
                        (request, out) -> {
                            if (request.header("authorization").equals("Bearer t1")) {
                                good.to(request, out);
                            } else {
                                out.write(
                                        """
                                        HTTP/1.1 401 X\r
                                        WWW-Authenticate: Basic realm="x"\r
                                        WWW-Authenticate: Bearer realm="http://%s/token"\r
                                        Content-Length: 0\r
                                        \r
                                        """
                                                .formatted(registry.host())
                                                .getBytes(UTF_8));
                            }
                        });
        pull("x:1", "me:secret");
        UrlHttp http =
                new UrlHttp(
                        () -> {
                            throw new IllegalStateException();
                        },
                        new ProxyChoice(environment::get),
                        patience);
        try (HttpResponse refused =
                http.send(
                        HttpRequest.get(
                                java.net.URI.create(
                                        "http://%s/v2/x/manifests/1".formatted(registry.host())),
                                Map.of()))) {
            assertThat(refused.headers("www-authenticate"))
                    .extracting(header -> header.substring(0, 5))
                    .containsExactly("Basic", "Beare");
        }
    }

    /// As Google's did: the top says whom to ask.
    @Test
    void aRefusalNeedNotSayWhomToAsk() throws IOException {
        guard("Bearer realm=\"REALM\"", "Bearer t1");
        for (String path : paths()) {
            registry.change(
                    path,
                    good ->
                            (request, out) ->
                                    (request.header("authorization").equals("Bearer t1")
                                                    ? good
                                                    : Answer.of(401, Map.of(), ""))
                                            .to(request, out));
        }
        registry.on("/token", Answer.ok("application/json", "{\"token\":\"t1\"}".getBytes(UTF_8)));
        registry.on(
                "/v2/",
                Answer.of(
                        401,
                        Map.of(
                                CHALLENGED,
                                "Bearer realm=\"http://%s/token\"".formatted(registry.host())),
                        ""));
        pull();
    }

    /// The same server by another name is another server.
    @Test
    void anotherNameGetsNoCredentials() throws IOException {
        guard("Basic realm=\"x\"", basic("me:secret"));
        registry.on("/blob", HostileRegistry.ranged(BASE));
        String there = "http://localhost:%s/blob".formatted(registry.host().replaceAll(".*:", ""));
        registry.on(HostileRegistry.blob(BASE), Answer.of(307, Map.of("Location", there), ""));
        registry.change("/v2/x/manifests/1", good -> good);
        pull("x:1", "me:secret");
        assertThat(registry.requests("/blob"))
                .isNotEmpty()
                .allMatch(asked -> asked.header("authorization").isEmpty());
    }

    @Test
    void aManifestOfAnIndexHasItsSize() {
        String digest = registry.digest();
        serveManifest(
                """
                {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                 "manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json",
                   "digest": "%s", "size": %d}]}
                """
                        .formatted(digest, manifest().length + 7));
        assertThat(failure()).contains("truncated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "9223372036854775807", "1000000000000000"})
    void aLayerHasItsSize(String size) {
        String json = new String(manifest(), UTF_8);
        serveManifest(
                json.replaceFirst(
                        "(%s\"[^}]*?\"size\"\\s*:\\s*)\\d+|(\"size\"\\s*:\\s*)%d\\b"
                                .formatted(Digest.sha256(BASE), BASE.length),
                        "$1$2" + size));
        assertThat(failureAnywhere())
                .containsAnyOf("more than the 0 bytes", "broken off after", "space");
    }

    @Test
    void endlessChunksAreNotReadToTheirEnd() {
        registry.on(
                HostileRegistry.blob(BASE),
                (request, out) -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    .getBytes(UTF_8));
                    while (true) {
                        out.write("400\r\n%s\r\n".formatted("x".repeat(1024)).getBytes(UTF_8));
                    }
                });
        assertThat(failureAnywhere()).contains("more than the %d bytes".formatted(BASE.length));
    }

    @Test
    void aConnectionMayBeReset() throws IOException {
        AtomicInteger resets = new AtomicInteger(3);
        for (String path : List.of(HostileRegistry.blob(BASE), "/v2/x/manifests/1")) {
            registry.change(
                    path,
                    good ->
                            (request, out) -> {
                                if (resets.getAndDecrement() > 0) {
                                    out.write(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\nx"
                                                    .getBytes(UTF_8));
                                    throw new HostileRegistry.Reset();
                                }
                                good.to(request, out);
                            });
        }
        pull();
        assertThat(pauses).hasSize(3);
    }

    /// What names say is hidden, but a symbolic link keeps, is fetched a second time; by then a
    /// registry may send something else.
    @Test
    void whatIsFetchedAgainIsVerifiedAgain() throws IOException {
        byte[] base = linked("right");
        byte[] upper = layer().dir("link/").file("link/f", "x").toBytes();
        // so many between them that the upper one is known long before the base comes
        byte[][] layers = new byte[20][];
        Arrays.setAll(layers, i -> layer().file("between" + i, "x").toBytes());
        layers[0] = base;
        layers[layers.length - 1] = upper;
        registry.serve(image(layers).packed(ImageBuilder.Packing.GZIP).oci());
        byte[] wrong = ImageBuilder.gzip(linked("wrong"));
        AtomicInteger times = new AtomicInteger();
        registry.change(
                HostileRegistry.blob(ImageBuilder.gzip(base)),
                good ->
                        (request, out) -> {
                            boolean first = times.incrementAndGet() == 1;
                            (first ? good : HostileRegistry.ranged(wrong)).to(request, out);
                        });
        assertThatThrownBy(() -> pull("x:1", null))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("layer 1 ")
                .hasMessageContaining("does not match its digest");
        assertThat(times).hasValue(2);
    }

    /// With a file that a symbolic link leads elsewhere.
    private static byte[] linked(String content) {
        return layer().dir("real/")
                .symlink("link", "real")
                .file("link/f", content.repeat(100_000))
                .toBytes();
    }
}
