package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.DockerEngine;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Recipe;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Images come from a real dockerd as they come from an archive.
@Timeout(300)
class DockerDaemonIT {
    @TempDir private Path directory;
    private Path image;

    @BeforeEach
    void writeTheImage() throws Exception {
        image = Files.write(directory.resolve("image.tar"), HelloImage.bytes());
    }

    private Undocker undocker(DockerEngine docker, Object... arguments) throws Exception {
        Path temporary = Files.createDirectories(directory.resolve("temporary"));
        return Undocker.command(arguments)
                .in(directory)
                .with("HOME", directory.toString())
                .with("TMPDIR", temporary.toString())
                .with("DOCKER_HOST", docker.host());
    }

    private byte[] rootfs(DockerEngine docker, Object name) throws Exception {
        Undocker.Result result = undocker(docker, "rootfs", name, "-").run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.errors()).isEmpty();
        return result.output();
    }

    @Test
    void theSameBytesAsFromAnArchive() throws Exception {
        try (DockerEngine docker = DockerEngine.start(directory)) {
            docker.put("docker-archive:" + image, "hello:1");
            docker.put("docker-archive:" + image, "example.org/a/b:latest");
            byte[] expected = rootfs(docker, image);
            assertThat(rootfs(docker, "docker-daemon:hello:1")).isEqualTo(expected);
            assertThat(rootfs(docker, "docker-daemon:docker.io/library/hello:1"))
                    .isEqualTo(expected);
            assertThat(rootfs(docker, "docker-daemon:example.org/a/b")).isEqualTo(expected);
            String id = id(image);
            assertThat(rootfs(docker, "docker-daemon:sha256:" + id)).isEqualTo(expected);
            assertThat(rootfs(docker, "docker-daemon:" + id.substring(0, 12))).isEqualTo(expected);

            Undocker.Result missing =
                    undocker(docker, "rootfs", "docker-daemon:hello:2", "out.tar").run();
            assertThat(missing.exitCode()).isEqualTo(1);
            assertThat(missing.errors())
                    .isEqualTo(
                            """
                            undocker: docker-daemon:hello:2: %s: no such image \
                            (reference does not exist)
                            hint: write docker://hello:2 to read it from its registry
                            """
                                    .formatted(docker.host()));
            assertThat(directory.resolve("out.tar")).doesNotExist();
            try (Stream<Path> left = Files.list(directory.resolve("temporary"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    private static String id(Path image) throws Exception {
        return Undocker.program(Path.of("/bin/sh"), "-c", "tar -tf " + image)
                .succeed()
                .text()
                .lines()
                .filter(name -> name.matches("[0-9a-f]{64}\\.json"))
                .findFirst()
                .orElseThrow()
                .substring(0, 64);
    }

    @Test
    void manyLayersSomeOfThemTwice() throws Exception {
        byte[][] layers = new byte[40][];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = new FileSet().file("f" + i % 30, "content".repeat(1000) + i % 30).tar();
        }
        Path many =
                ImageBuilder.image(layers)
                        .tag("many:1")
                        .docker(ImageBuilder.Dialect.SKOPEO)
                        .tar(directory.resolve("many.tar"));
        try (DockerEngine docker = DockerEngine.start(directory)) {
            docker.put("docker-archive:" + many, "many:1");
            assertThat(rootfs(docker, "docker-daemon:many:1")).isEqualTo(rootfs(docker, many));
        }
    }

    @Test
    void throughTls() throws Exception {
        certificates();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (DockerEngine docker =
                DockerEngine.start(
                        directory,
                        "--host=tcp://127.0.0.1:" + port,
                        "--tlsverify",
                        "--tlscacert=" + directory.resolve("ca.pem"),
                        "--tlscert=" + directory.resolve("server.pem"),
                        "--tlskey=" + directory.resolve("server-key.pem"))) {
            docker.put("docker-archive:" + image, "hello:1");
            Undocker secure =
                    undocker(docker, "rootfs", "docker-daemon:hello:1", "-")
                            .with("DOCKER_HOST", "tcp://localhost:" + port)
                            .with("DOCKER_TLS_VERIFY", "1")
                            .with("DOCKER_CERT_PATH", directory.toString());
            Undocker.Result result = secure.run();
            assertThat(result.exitCode()).as(result.errors()).isZero();
            assertThat(result.output()).isEqualTo(rootfs(docker, image));
            // the certificate is for localhost alone
            result = secure.with("DOCKER_HOST", "tcp://127.0.0.1:" + port).run();
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors()).contains("no safe connection").contains("DOCKER_CERT_PATH");
            result = secure.with("DOCKER_CERT_PATH", "/nowhere").run();
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors()).contains("which this machine does not trust");
            result = secure.with("DOCKER_TLS_VERIFY", "").run();
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors()).contains("Client sent an HTTP request to an HTTPS server");
            Files.delete(directory.resolve("cert.pem"));
            Files.delete(directory.resolve("key.pem"));
            result = secure.run();
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors()).contains("no daemon's answer", "DOCKER_CERT_PATH");
            assertThat(result.output()).isEmpty();
        }
    }

    private void certificates() throws Exception {
        Path script =
                Files.writeString(
                        directory.resolve("certificates"),
                        """
                        new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@"; }
                        new -x509 -keyout ca-key.pem -out ca.pem -days 2 -subj /CN=ca
                        printf 'subjectAltName=DNS:localhost\n' > server.ext
                        printf 'extendedKeyUsage=clientAuth\n' > client.ext
                        new -keyout server-key.pem -out server.csr -subj /CN=server
                        new -keyout key.pem -out client.csr -subj /CN=client
                        sign="openssl x509 -req -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2"
                        $sign -in server.csr -out server.pem -extfile server.ext
                        $sign -in client.csr -out cert.pem -extfile client.ext
                        """);
        Requirements.tool("openssl");
        Undocker.program(Path.of("/bin/sh"), "-e", script).in(directory).succeed();
    }

    @Test
    void recipeOfReadmeRuns() throws Exception {
        Path docker = Requirements.tool("docker");
        try (DockerEngine engine = DockerEngine.start(directory)) {
            Recipe recipe = Recipe.in(Files.createDirectory(directory.resolve("recipe")));
            String host = "DOCKER_HOST='%s' ".formatted(engine.host());
            // with the builder that the daemon itself has
            recipe.program("docker", host + "DOCKER_BUILDKIT=0 exec '%s' \"$@\"".formatted(docker));
            recipe.program("undocker", host + "exec '%s' \"$@\"".formatted(Undocker.launcher()));
            Path place = recipe.directory();
            Files.writeString(place.resolve("Dockerfile"), "FROM scratch\nCOPY words /\n");
            Files.writeString(place.resolve("words"), "of the web");
            assertThat(
                            recipe.run(Readme.commands("docker-daemon") + "tar -xOf web.tar words")
                                    .text())
                    .endsWith("of the web");
        }
    }

    /// The program that users start finds the daemon where docker does.
    @Test
    void aContextOfDockers() throws Exception {
        try (DockerEngine docker = DockerEngine.start(directory)) {
            docker.put("docker-archive:" + image, "hello:1");
            for (String[] words :
                    new String[][] {
                        {"context", "create", "here", "--docker", "host=" + docker.host()},
                        {"context", "use", "here"}
                    }) {
                Undocker.program(Path.of("docker"), (Object[]) words)
                        .with("HOME", directory.toString())
                        .with("DOCKER_HOST", "")
                        .succeed();
            }
            Undocker.Result result =
                    undocker(docker, "rootfs", "docker-daemon:hello:1", "-")
                            .with("DOCKER_HOST", "")
                            .run();
            assertThat(result.exitCode()).as(result.errors()).isZero();
            assertThat(result.output()).isEqualTo(rootfs(docker, image));
        }
    }
}
