package dev.undocker.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real docker-registry on this machine, filled by skopeo.
public final class DockerRegistry implements Closeable {
    private static final long PATIENCE_MILLIS = 60_000;

    /// `me` with the password `secret`, as `htpasswd -nbB` writes it.
    private static final String USER =
            "me:$2y$05$C33IbosuUUdN.Ns/ofc4C.rSTgXfIMbXUIbwALeGSDSvQjOTGSpVq\n";

    private final Process process;
    private final int port;
    private final boolean secure;

    private DockerRegistry(Process process, int port, boolean secure) {
        this.process = process;
        this.port = port;
        this.secure = secure;
    }

    /// Without TLS, for everybody.
    public static DockerRegistry open(Path directory) throws IOException {
        return start(directory, "", "", false);
    }

    /// With TLS by the certificate `directory/ca.crt`, for `me` with the password `secret` alone.
    public static DockerRegistry secured(Path directory) throws IOException, InterruptedException {
        Undocker.program(
                        Requirements.tool("openssl"),
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-keyout",
                        directory.resolve("key.pem"),
                        "-out",
                        directory.resolve("ca.crt"),
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1")
                .succeed();
        Path users = Files.writeString(directory.resolve("users"), USER);
        String tls =
                "  tls:\n    certificate: %s\n    key: %s\n"
                        .formatted(directory.resolve("ca.crt"), directory.resolve("key.pem"));
        String auth = "auth:\n  htpasswd:\n    realm: test\n    path: %s\n".formatted(users);
        return start(directory, tls, auth, true);
    }

    private static DockerRegistry start(Path directory, String tls, String auth, boolean secure)
            throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config =
                Files.writeString(
                        directory.resolve("registry.yml"),
                        """
                        version: 0.1
                        log:
                          level: error
                        storage:
                          filesystem:
                            rootdirectory: %s
                        http:
                          addr: 127.0.0.1:%d
                        """
                                        .formatted(directory.resolve("store"), port)
                                + tls
                                + auth);
        Process process =
                new ProcessBuilder(
                                Requirements.tool("docker-registry").toString(),
                                "serve",
                                config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("registry.log").toFile())
                        .start();
        DockerRegistry registry = new DockerRegistry(process, port, secure);
        registry.await();
        return registry;
    }

    private void await() {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.currentTimeMillis() > end) {
                    throw new UncheckedIOException(e);
                }
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// `127.0.0.1:PORT`.
    public String host() {
        return "127.0.0.1:" + port;
    }

    /// Writes a registries.conf by which this registry stands in for Docker Hub.
    public Path standInForHub(Path directory) throws IOException {
        return Files.writeString(
                directory.resolve("registries.conf"),
                """
                [[registry]]
                prefix = "docker.io"
                location = "%s"
                """
                        .formatted(host()));
    }

    /// Copies an image into it.
    ///
    /// @param image in skopeo's words
    /// @param name its name and tag here
    public void put(String image, String name, String... options)
            throws IOException, InterruptedException {
        Undocker.program(
                        Requirements.tool("skopeo"),
                        Stream.concat(
                                        Stream.of(
                                                "copy",
                                                "-q",
                                                "--dest-tls-verify=false",
                                                secure
                                                        ? "--dest-creds=me:secret"
                                                        : "--dest-no-creds",
                                                image,
                                                "docker://%s/%s".formatted(host(), name)),
                                        Stream.of(options))
                                .toArray())
                .succeed();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
