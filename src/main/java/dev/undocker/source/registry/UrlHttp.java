package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/// The Java runtime's own client, which of those at hand needs by far the least time for a blob. It
/// keeps connections alive, several for each host.
final class UrlHttp implements Http {
    private final Supplier<SSLSocketFactory> sockets;
    private final ProxyChoice proxies;
    private final Patience patience;

    /// @param sockets the same one each time, or no connection would be kept alive; not asked for
    ///   where there is no TLS
    UrlHttp(Supplier<SSLSocketFactory> sockets, ProxyChoice proxies, Patience patience) {
        this.sockets = sockets;
        this.proxies = proxies;
        this.patience = patience;
    }

    @Override
    public HttpResponse send(HttpRequest request) throws IOException {
        Origin server = Origin.of(request.uri());
        ProxyRoute route = proxies.route(server.scheme(), server.host(), server.port());
        HttpURLConnection connection = connect(request.uri(), route);
        try {
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout(Math.toIntExact(patience.connect().toMillis()));
            connection.setReadTimeout(Math.toIntExact(patience.silence().toMillis()));
            connection.setRequestProperty("User-Agent", "undocker");
            // what is served compressed would not be what its digest says
            connection.setRequestProperty("Accept-Encoding", "identity");
            request.headers().forEach(connection::setRequestProperty);
            connection.setRequestMethod(request.method());
            if (request.form() != null) {
                post(connection, request.form());
            }
            int status = connection.getResponseCode();
            if (status < 0) {
                throw NoAnswerException.senseless(server);
            }
            if (status == HttpURLConnection.HTTP_PROXY_AUTH) {
                throw NoAnswerException.refused(null, server, route.proxy(), "407");
            }
            return new Response(request.uri(), connection, status);
        } catch (NoAnswerException | RuntimeException e) {
            connection.disconnect();
            throw e;
        } catch (IOException e) {
            connection.disconnect();
            throw NoAnswerException.because(e, server, route.proxy());
        }
    }

    private HttpURLConnection connect(URI uri, ProxyRoute route) throws IOException {
        HttpURLConnection connection = route.open(uri.toURL());
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(sockets.get());
        }
        return connection;
    }

    private static void post(HttpURLConnection connection, String form) throws IOException {
        byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(bytes);
        }
    }

    private record Response(URI uri, HttpURLConnection connection, int status)
            implements HttpResponse {
        @Override
        public List<String> headers(String name) {
            for (Map.Entry<@Nullable String, List<String>> header :
                    connection.getHeaderFields().entrySet()) {
                if (name.equalsIgnoreCase(header.getKey())) {
                    return header.getValue();
                }
            }
            return List.of();
        }

        @Override
        public InputStream body() throws IOException {
            InputStream error = status < 400 ? null : connection.getErrorStream();
            if (status >= 400) {
                return error == null ? InputStream.nullInputStream() : error;
            }
            return connection.getInputStream();
        }

        /// What little is left is read, to keep the connection.
        @Override
        public void close() {
            try {
                body().close();
            } catch (IOException e) {
                connection.disconnect();
            }
        }
    }
}
