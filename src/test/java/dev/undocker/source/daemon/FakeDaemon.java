package dev.undocker.source.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A daemon behind a socket that does whatever a test wants, byte by byte.
final class FakeDaemon implements Closeable {
    /// Writes a whole answer; the connection ends after it.
    interface Reply {
        void to(OutputStream out) throws IOException, InterruptedException;

        static Reply raw(String text) {
            return out -> out.write(text.getBytes(ISO_8859_1));
        }

        static Reply of(int status, String body) {
            return raw(
                    "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(status, body.getBytes(UTF_8).length, body));
        }

        /// In chunks, as daemons send images.
        ///
        /// @param last false leaves the last chunk out
        static Reply chunked(byte[] body, boolean last) {
            return out -> {
                out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
                int size = 1000;
                for (int at = 0; at < body.length; at += size) {
                    int count = Math.min(size, body.length - at);
                    out.write("%X;x=y\r\n".formatted(count).getBytes(UTF_8));
                    out.write(body, at, count);
                    out.write("\r\n".getBytes(UTF_8));
                }
                if (last) {
                    out.write("0\r\nTrailer: x\r\n\r\n".getBytes(UTF_8));
                }
            };
        }
    }

    private final ServerSocketChannel server;
    private final SocketAddress address;
    private final Thread serving;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    FakeDaemon(Path socket) throws IOException {
        this(UnixDomainSocketAddress.of(socket), StandardProtocolFamily.UNIX);
    }

    /// At a port of this machine.
    FakeDaemon() throws IOException {
        this(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                StandardProtocolFamily.INET);
    }

    private FakeDaemon(SocketAddress address, ProtocolFamily family) throws IOException {
        server = ServerSocketChannel.open(family);
        server.bind(address);
        this.address = server.getLocalAddress();
        ping("1.41");
        serving = Thread.ofPlatform().daemon().start(this::serve);
    }

    /// The daemon's version of the API.
    FakeDaemon ping(String version) {
        return on(
                "/_ping",
                Reply.raw(
                        "HTTP/1.1 200 OK\r\nApi-Version: %s\r\nContent-Length: 2\r\n\r\nOK"
                                .formatted(version)));
    }

    FakeDaemon on(String path, Reply reply) {
        replies.put(path, reply);
        return this;
    }

    Path socket() {
        return ((UnixDomainSocketAddress) address).getPath();
    }

    int port() {
        return ((InetSocketAddress) address).getPort();
    }

    /// What was asked for, with its query.
    List<String> asked() {
        return asked;
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> answer(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void answer(SocketChannel client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(Channels.newInputStream(client), ISO_8859_1));
            String path = in.readLine().split(" ")[1];
            while (!in.readLine().isEmpty()) {
                // headers
            }
            asked.add(path);
            replies.getOrDefault(path, Reply.of(404, "{\"message\":\"page not found\"}"))
                    .to(Channels.newOutputStream(client));
        } catch (IOException | InterruptedException e) {
            // the client has gone
        }
    }

    /// Nobody is let in any more when this returns.
    @Override
    public void close() throws IOException {
        server.close();
        try {
            serving.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
