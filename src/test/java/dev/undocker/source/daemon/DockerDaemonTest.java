package dev.undocker.source.daemon;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Image;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;
import dev.undocker.image.RegistryAccess;
import dev.undocker.source.ImageForms;
import dev.undocker.source.Opener;
import dev.undocker.source.daemon.FakeDaemon.Reply;
import dev.undocker.source.dockerarchive.DockerArchive;
import dev.undocker.source.ocilayout.OciLayout;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

@Timeout(60)
class DockerDaemonTest {
    private static final byte[] BASE = new FileSet().file("a", "base".repeat(1000)).tar();
    private static final ImageBuilder ONE = image(BASE).tag("busybox:1");
    private static final String GET = "/images/busybox:1/get";

    @TempDir private Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private FakeDaemon daemon;

    @BeforeEach
    void listen() throws IOException {
        environment.put("HOME", directory.toString());
        daemon = new FakeDaemon(directory.resolve("docker.sock"));
    }

    @AfterEach
    void close() throws IOException {
        daemon.close();
    }

    private Image open(String rest, @Nullable Platform platform) {
        ImageForms forms = new ImageForms(List.of(new DockerArchive(), new OciLayout()));
        return new DockerDaemon(forms, environment::get, daemon.socket())
                .locate("docker-daemon", rest)
                .open(
                        new OpenRequest(
                                platform,
                                new TemporaryFiles(directory),
                                true,
                                RegistryAccess.STANDARD,
                                sentence -> {
                                    throw new AssertionError(sentence);
                                }));
    }

    private Opener.Failure failure(String rest) throws IOException {
        UndockerException e =
                catchThrowableOfType(UndockerException.class, () -> open(rest, null).close());
        assertThat(e).isNotNull();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        String hint = e.hint();
        return new Opener.Failure(
                e.sentence().replace(directory.toString(), ""), hint == null ? "" : hint);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whateverFormItSends(Dialect dialect) throws IOException {
        daemon.on(GET, Reply.chunked(ONE.docker(dialect).tar(), true));
        try (Image image = open("busybox:1", null)) {
            Opener.assertLayers(image, BASE);
            assertThat(image.name()).isEqualTo("busybox:1");
            assertThat(image.file()).isNull();
        }
        assertThat(daemon.asked()).containsExactly("/_ping", GET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: %d\r\n", ""})
    void withALengthOrToTheEnd(String header) throws IOException {
        byte[] tar = ONE.docker(Dialect.SAVE).tar();
        daemon.on(
                GET,
                out -> {
                    Reply.raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n").to(out);
                    Reply.raw(header.formatted(tar.length) + "\r\n").to(out);
                    out.write(tar);
                });
        try (Image image = open("busybox:1", null)) {
            Opener.assertLayers(image, BASE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, /images/busybox:latest/get, busybox:latest",
        "docker.io/library/busybox:2, /images/busybox:2/get, busybox:2",
        "localhost:5000/a/b:2, /images/localhost:5000/a/b:2/get, localhost:5000/a/b:2",
        "'[::1]:5000/a:2', /images/%5B::1%5D:5000/a:2/get, '[::1]:5000/a:2'",
        "0123456789ab, /images/0123456789ab/get, 0123456789ab",
    })
    void names(String name, String path, String called) throws IOException {
        daemon.on(path, Reply.chunked(image(BASE).docker(Dialect.SAVE).tar(), true));
        try (Image image = open(name, null)) {
            assertThat(image.name()).isEqualTo(called);
        }
    }

    @Test
    void digests() throws IOException {
        String digest = "sha256:" + "0123456789abcdef".repeat(4);
        Reply reply = Reply.chunked(image(BASE).docker(Dialect.SAVE).tar(), true);
        daemon.on("/images/%s/get".formatted(digest), reply)
                .on("/images/busybox@%s/get".formatted(digest), reply);
        try (Image image = open(digest, null)) {
            assertThat(image.name()).isEqualTo("0123456789ab");
        }
        open("busybox@" + digest, null).close();
        open("busybox:1@" + digest, null).close();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'docker-daemon:: no image', write docker-daemon:NAME:TAG",
        "Busybox, docker-daemon:Busybox: the name of a repository has no capital letters,"
                + " write docker-daemon:busybox",
        "a:, docker-daemon:a:: no tag after the colon, ''",
        "../a, docker-daemon:../a: ..: not a host, ''",
        "a?b, docker-daemon:a?b: a?b: not the name of a repository, ''",
    })
    void whatIsNoName(String rest, String sentence, String hint) throws IOException {
        assertThat(failure(rest)).isEqualTo(new Opener.Failure(sentence, hint));
        assertThat(daemon.asked()).isEmpty();
    }

    @Test
    void theDaemonChoosesThePlatformIfItCan() throws IOException {
        byte[] tar = image(BASE).platform("linux/arm64").docker(Dialect.SAVE).tar();
        String query =
                "?platform=%7B%22os%22:%22linux%22%2C%22architecture%22:%22arm64%22%2C%22variant"
                        + "%22:%22v8%22%7D";
        Platform arm = Platform.parse("linux/arm64/v8");
        daemon.ping("1.48").on(GET, Reply.of(500, "{}")).on(GET + query, Reply.chunked(tar, true));
        open("busybox:1", arm).close();
        assertThat(daemon.asked()).containsExactly("/_ping", GET + query);
        // one that has the version and not the word, such as podman's
        daemon.on(GET + query, Reply.of(400, "{}")).on(GET, Reply.chunked(tar, true));
        open("busybox:1", arm).close();
        daemon.ping("1.47").on(GET + query, Reply.of(500, "{}"));
        open("busybox:1", arm).close();
    }

    /// Docker's own manifest in the archive knows the daemon's platform alone.
    @Test
    void onePlatformOfSeveralFromADaemonThatSendsAll() throws IOException {
        byte[] other = new FileSet().file("a", "arm").tar();
        ImageBuilder amd = image(BASE).tag("busybox:1").platform("linux/amd64");
        ImageBuilder arm = image(other).platform("linux/arm64");
        FileSet all = ImageBuilder.docker(Dialect.SKOPEO, amd);
        all.addMissing(ImageBuilder.multiPlatform(false, amd, arm));
        daemon.on(GET, Reply.chunked(all.tar(), true));
        try (Image image = open("busybox:1", Platform.parse("linux/arm64"))) {
            Opener.assertLayers(image, other);
            assertThat(image.name()).isEqualTo("busybox:1");
        }
        try (Image image = open("busybox:1", Platform.parse("linux/amd64"))) {
            Opener.assertLayers(image, BASE);
        }
        try (Image image = open("busybox:1", null)) {
            Opener.assertLayers(image, BASE);
        }
    }

    /// What was pulled for one platform has an index that names the others too.
    @Test
    void blobsOfOtherPlatformsAreMissing() throws IOException {
        byte[] other = new FileSet().file("a", "arm").tar();
        ImageBuilder amd = image(BASE).tag("busybox:1").platform("linux/amd64");
        ImageBuilder arm = image(other).platform("linux/arm64");
        FileSet all = ImageBuilder.docker(Dialect.SKOPEO, amd);
        all.addMissing(ImageBuilder.multiPlatform(false, amd, arm));
        for (String name : List.copyOf(arm.oci().names())) {
            if (name.startsWith("blobs/")) {
                all.remove(name);
            }
        }
        daemon.on(GET, Reply.chunked(all.tar(), true));
        open("busybox:1", Platform.parse("linux/amd64")).close();
        open("busybox:1", null).close();
        UndockerException e =
                catchThrowableOfType(
                        UndockerException.class,
                        () -> open("busybox:1", Platform.parse("linux/arm64")).close());
        assertThat(e)
                .hasMessage(
                        "docker-daemon:busybox:1: the image for linux/arm64 is not in it; there"
                                + " are: linux/amd64");
    }

    @Test
    void nobodyThere() throws IOException {
        daemon.close();
        Files.delete(daemon.socket());
        try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            gone.bind(UnixDomainSocketAddress.of(daemon.socket()));
        }
        Opener.Failure failure = failure("busybox:1");
        assertThat(failure.sentence())
                .startsWith("docker-daemon:busybox:1: unix:///docker.sock: nobody listens there");
        assertThat(failure.hint()).contains("is the daemon running").contains("DOCKER_HOST");
        Files.delete(daemon.socket());
        assertThat(failure("busybox:1").sentence())
                .isEqualTo("docker-daemon:busybox:1: unix:///docker.sock: no such socket");
    }

    @Test
    void noSuchImage() throws IOException {
        daemon.on(GET, Reply.of(404, "{\"message\":\"reference does not exist\"}"));
        assertThat(failure("busybox:1"))
                .isEqualTo(
                        new Opener.Failure(
                                "docker-daemon:busybox:1: unix:///docker.sock: no such"
                                        + " image (reference does not exist)",
                                "write docker://busybox:1 to read it from its registry"));
    }

    @Test
    void aSentenceForEveryRefusal() throws IOException {
        daemon.on(GET, Reply.of(500, "{\"message\":\"no space left\"}"));
        assertThat(failure("busybox:1").sentence())
                .endsWith("the daemon answers with status 500 (no space left)");
        daemon.on(GET, Reply.of(502, "<html>Bad gateway</html>"));
        assertThat(failure("busybox:1").sentence())
                .endsWith("the daemon answers with status 502 (<html>Bad gateway</html>)");
        daemon.on(GET, Reply.of(500, "x".repeat(100_000)));
        assertThat(failure("busybox:1").sentence()).hasSizeLessThan(500);
        daemon.on(GET, Reply.raw("HTTP/1.1 500 X\r\nContent-Length: 9\r\n\r\n{"));
        assertThat(failure("busybox:1").sentence()).endsWith("answers with status 500");
        daemon.on("/_ping", Reply.of(403, "{\"message\":\"authorization denied\"}"));
        assertThat(failure("busybox:1").sentence())
                .endsWith("answers with status 403 (authorization denied)");
    }

    @Test
    void whoIsNoDaemon() throws IOException {
        for (String answer :
                List.of(
                        "SSH-2.0-OpenSSH_9.2\r\n",
                        "",
                        "HTTP/1.1 200 OK\r\nX: y",
                        "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(1000),
                        "x".repeat(100_000),
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")) {
            daemon.on("/_ping", Reply.raw(answer));
            assertThat(failure("busybox:1").sentence())
                    .startsWith("docker-daemon:busybox:1: unix:///docker.sock: no daemon's answer");
        }
    }

    /// Anywhere, also where a tar could end.
    @Test
    void cutAnywhere() throws IOException {
        byte[] tar = ONE.docker(Dialect.SAVE).tar();
        for (int length = 0; length <= tar.length; length += 1536) {
            daemon.on(GET, Reply.chunked(Arrays.copyOf(tar, length), false));
            assertThat(failure("busybox:1").sentence())
                    .startsWith("docker-daemon:busybox:1: the daemon broke off: the connection");
        }
        daemon.on(
                GET,
                out -> {
                    Reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n").to(out);
                    out.write(tar);
                });
        assertThat(failure("busybox:1").sentence())
                .endsWith("the connection ended after %d of 100000000 bytes".formatted(tar.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\r\nhelloX", "x\r\n", "-1\r\n", "\r\n", "7fffffffffffffff0\r\n", "0"})
    void chunksThatAreNone(String body) throws IOException {
        daemon.on(GET, Reply.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body));
        assertThat(failure("busybox:1").sentence())
                .startsWith("docker-daemon:busybox:1: the daemon broke off: ");
    }

    /// Docker ends the body in good order then, with a complaint in the place of the rest.
    @Test
    void aComplaintInTheMiddle() throws IOException {
        byte[] tar = ONE.docker(Dialect.SAVE).tar();
        String complaint =
                "{\"errorDetail\":{\"message\":\"content digest sha256:12: not found\"},"
                        + "\"error\":\"content digest sha256:12: not found\"}\r\n";
        byte[] said = complaint.getBytes(UTF_8);
        for (int length : List.of(0, 512, 1700, 5120)) {
            byte[] body = Arrays.copyOf(tar, length + said.length);
            System.arraycopy(said, 0, body, length, said.length);
            daemon.on(GET, Reply.chunked(body, true));
            assertThat(failure("busybox:1").sentence())
                    .isEqualTo(
                            "docker-daemon:busybox:1: the daemon broke off: content digest"
                                    + " sha256:12: not found");
        }
    }

    @Test
    void silence() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Engine engine =
                new Engine(
                        "x",
                        new UnixAddress(daemon.socket()),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(200));
        daemon.on(
                GET,
                out -> {
                    Reply.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe")
                            .to(out);
                    never.await();
                });
        try (InputStream in = engine.export("busybox:1", null, 0)) {
            assertThat(catchThrowableOfType(UndockerException.class, in::readAllBytes))
                    .hasMessage("x: the daemon broke off: it sends nothing any more");
        }
        daemon.on("/_ping", out -> never.await());
        assertThat(catchThrowableOfType(UndockerException.class, engine::ping))
                .hasMessage("x: %s: it does not answer within 1 s".formatted(engine.address()));
    }

    @Test
    void throughTheNetwork() throws IOException {
        try (FakeDaemon there = new FakeDaemon()) {
            environment.put("DOCKER_HOST", "tcp://localhost:" + there.port());
            there.on(GET, Reply.chunked(ONE.docker(Dialect.SAVE).tar(), true));
            try (Image image = open("busybox:1", null)) {
                Opener.assertLayers(image, BASE);
            }
        }
        Opener.Failure gone = failure("busybox:1");
        assertThat(gone.sentence()).endsWith("nobody listens there: connection refused");
        assertThat(gone.hint()).contains("DOCKER_TLS_VERIFY").contains("DOCKER_HOST");
        environment.put("DOCKER_HOST", "tcp://no-such-host.invalid");
        assertThat(failure("busybox:1").sentence()).endsWith("no such host");
    }

    /// A daemon that never ends fills the disk, and that is said.
    @Test
    void endless() throws IOException {
        daemon.on(
                GET,
                out -> {
                    Reply.raw("HTTP/1.1 200 OK\r\n\r\n").to(out);
                    while (true) {
                        out.write(new byte[1 << 16]);
                    }
                });
        Engine engine = new Engine("x", new UnixAddress(daemon.socket()));
        try (InputStream in = engine.export("busybox:1", null, 0)) {
            in.skipNBytes(64 << 20);
        }
    }
}
