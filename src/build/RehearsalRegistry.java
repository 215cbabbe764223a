import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Serves an OCI layout on this machine as `x:1`, with and without TLS: whoever fetches an image
/// needs thousands of classes that no other run does.
final class RehearsalRegistry implements AutoCloseable {
    private static final Pattern DIGEST = Pattern.compile("\"digest\":\"(sha256:[0-9a-f]{64})\"");
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String PASSWORD = "rehearsal";

    private final Path layout;
    private final HttpServer plain;
    private final HttpsServer secure;

    /// Each on a thread that does not keep the build from ending.
    private final ExecutorService threads =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());

    /// @param keys becomes the key store of the server with TLS
    RehearsalRegistry(Path layout, Path keys) throws Exception {
        this.layout = layout;
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        plain = HttpServer.create(any, 0);
        secure = HttpsServer.create(any, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls(keys)));
        for (HttpServer server : List.of(plain, secure)) {
            server.createContext("/v2/", this::answer);
            server.setExecutor(threads);
            server.start();
        }
    }

    /// `127.0.0.1:PORT`, without TLS.
    String plainHost() {
        return "127.0.0.1:" + plain.getAddress().getPort();
    }

    /// The same with TLS.
    String secureHost() {
        return "127.0.0.1:" + secure.getAddress().getPort();
    }

    private static SSLContext tls(Path keys) throws Exception {
        int code =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                                "-J-XX:-UsePerfData",
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-alias",
                                "server",
                                "-storepass",
                                PASSWORD,
                                "-keystore",
                                keys.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new IllegalStateException("keytool: exit code " + code);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (name.equals("1")) {
                Matcher manifest = DIGEST.matcher(Files.readString(layout.resolve("index.json")));
                name = manifest.find() ? manifest.group(1) : "";
            }
            byte[] body =
                    name.isEmpty()
                            ? new byte[] {'{', '}'}
                            : Files.readAllBytes(
                                    layout.resolve("blobs").resolve(name.replace(':', '/')));
            if (path.contains("/manifests/")) {
                exchange.getResponseHeaders().add("Content-Type", MANIFEST);
            }
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().add("Content-Length", String.valueOf(body.length));
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        plain.stop(0);
        secure.stop(0);
        threads.shutdownNow();
    }
}
