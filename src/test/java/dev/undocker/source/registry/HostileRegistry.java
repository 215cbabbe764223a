package dev.undocker.source.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.image.Digest;
import dev.undocker.testing.FileSet;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// A registry on this machine that does whatever a test wants, byte by byte. Without that it serves
/// the images that it was given, as a good one does.
final class HostileRegistry implements Closeable {
    /// What was asked.
    ///
    /// @param headers by name in lower case
    /// @param rest what comes after it, through a tunnel
    record Request(
            String method,
            String path,
            Map<String, String> headers,
            String body,
            InputStream rest) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /// Writes a whole answer, or what the test has instead.
    interface Answer {
        void to(Request request, OutputStream out) throws IOException;

        /// Status 200.
        static Answer ok(String type, byte[] body) {
            return of(200, Map.of("Content-Type", type), body);
        }

        static Answer of(int status, Map<String, String> headers, byte[] body) {
            return (request, out) -> {
                StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
                headers.forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
                head.append("Connection: close\r\nContent-Length: ").append(body.length);
                out.write(head.append("\r\n\r\n").toString().getBytes(ISO_8859_1));
                out.write(body);
            };
        }

        static Answer of(int status, Map<String, String> headers, String body) {
            return of(status, headers, body.getBytes(UTF_8));
        }
    }

    /// Thrown by an answer: the connection is not ended but reset.
    static final class Reset extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private volatile String top = "";

    HostileRegistry() throws IOException {
        answers.put("/v2/", Answer.ok("application/json", new byte[] {'{', '}'}));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    /// `127.0.0.1:PORT`.
    String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// Serves an OCI layout with one image as `x:1`.
    HostileRegistry serve(FileSet layout) {
        for (String name : layout.names()) {
            if (name.startsWith("blobs/sha256/")) {
                byte[] content = layout.content(name);
                String digest = "sha256:" + name.substring("blobs/sha256/".length());
                on("/v2/x/blobs/" + digest, ranged(content));
                on(
                        "/v2/x/manifests/" + digest,
                        Answer.ok("application/vnd.oci.image.manifest.v1+json", content));
            }
        }
        String index = new String(layout.content("index.json"), UTF_8);
        String digest =
                index.replaceAll("(?s).*?\"digest\"\\s*:\\s*\"(sha256:[0-9a-f]{64})\".*", "$1");
        top = digest;
        return on("/v2/x/manifests/1", answers.get("/v2/x/manifests/" + digest));
    }

    /// Of the document that `x:1` stands for.
    String digest() {
        return top;
    }

    /// With a part of it for who asks for one.
    static Answer ranged(byte[] content) {
        return (request, out) -> {
            String range = request.header("range");
            if (range.isEmpty()) {
                Answer.ok("application/octet-stream", content).to(request, out);
                return;
            }
            int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
            byte[] part = Arrays.copyOfRange(content, from, content.length);
            String said = "bytes %d-%d/%d".formatted(from, content.length - 1, content.length);
            Answer.of(206, Map.of("Content-Range", said), part).to(request, out);
        };
    }

    /// Answers for a path, whatever its query.
    HostileRegistry on(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    /// Changes what is answered for a path.
    HostileRegistry change(String path, UnaryOperator<Answer> change) {
        return on(path, change.apply(answers.get(path)));
    }

    /// The path of the image's one blob of this content.
    static String blob(byte[] content) {
        return "/v2/x/blobs/" + Digest.sha256(content);
    }

    /// What was asked so far, for paths that begin so.
    List<Request> requests(String prefix) {
        return requests.stream().filter(request -> request.path().startsWith(prefix)).toList();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = socket.getInputStream();
                OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
            Request request = read(in);
            requests.add(request);
            int query = request.path().indexOf('?');
            String path = query < 0 ? request.path() : request.path().substring(0, query);
            try {
                answers.getOrDefault(path, Answer.of(404, Map.of(), "")).to(request, out);
                out.flush();
            } catch (Reset e) {
                out.flush();
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // the client went away, or a test wants it so
        }
    }

    private static Request read(InputStream in) throws IOException {
        String[] words = line(in).split(" ");
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), UTF_8);
        return new Request(words[0], words[1], headers, body, in);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(ISO_8859_1).strip();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
