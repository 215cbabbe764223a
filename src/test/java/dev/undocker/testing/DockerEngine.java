package dev.undocker.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real dockerd on this machine, with nothing but its socket outside its directory.
public final class DockerEngine implements Closeable {
    private static final long PATIENCE_MILLIS = 60_000;

    private final Process process;
    private final Path directory;

    private DockerEngine(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /// Starts it; needs root.
    ///
    /// @param directory new or empty, with a short name: names of sockets are short
    /// @param options of dockerd, beside its socket
    public static DockerEngine start(Path directory, String... options) throws IOException {
        Requirements.root();
        Path data = Files.createDirectories(directory.resolve("docker"));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Requirements.tool("dockerd").toString(),
                                "--bridge=none",
                                "--iptables=false",
                                "--storage-driver=vfs",
                                "--data-root=" + data.resolve("root"),
                                "--exec-root=" + data.resolve("exec"),
                                "--pidfile=" + data.resolve("pid"),
                                "--host=unix://" + directory.resolve("docker.sock")));
        command.addAll(List.of(options));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("dockerd.log").toFile())
                        .start();
        DockerEngine engine = new DockerEngine(process, directory);
        engine.await();
        return engine;
    }

    private void await() throws IOException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (true) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket()));
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.currentTimeMillis() > end) {
                    close();
                    throw new IOException(Files.readString(directory.resolve("dockerd.log")), e);
                }
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public Path socket() {
        return directory.resolve("docker.sock");
    }

    /// As `DOCKER_HOST` has it.
    public String host() {
        return "unix://" + socket();
    }

    /// Copies an image into it.
    ///
    /// @param image in skopeo's words
    /// @param name its name and tag here
    public void put(String image, String name) throws IOException, InterruptedException {
        Undocker.program(
                        Requirements.tool("skopeo"),
                        "copy",
                        "-q",
                        "--dest-daemon-host=" + host(),
                        image,
                        "docker-daemon:" + name)
                .succeed();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
