package dev.undocker.source.daemon;

import dev.undocker.UndockerException;
import dev.undocker.source.registry.Origin;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;

/// Where a daemon listens. Its text is what `DOCKER_HOST` would say.
sealed interface DaemonAddress permits UnixAddress, TcpAddress {
    int PLAIN_PORT = 2375;
    int TLS_PORT = 2376;

    /// Reads what `DOCKER_HOST`, `CONTAINER_HOST` or a context says: `unix://PATH`,
    /// `tcp://HOST[:PORT]`, `http` or `https` instead of `tcp`, or `HOST:PORT`.
    ///
    /// @param place which of them
    /// @throws UndockerException when nobody can be talked to that way
    static DaemonAddress parse(String place, String text, DaemonTls tls) {
        String unix = "unix://";
        if (text.startsWith(unix + "/")) {
            return new UnixAddress(Path.of(text.substring(unix.length())));
        }
        DaemonAddress network = inNetwork(text.contains("://") ? text : "tcp://" + text, tls);
        if (network == null) {
            throw new UndockerException(
                            "%s: %s: not supported".formatted(place, withoutPassword(text)))
                    .withHint(
                            "docker save and podman save go there, and write what undocker reads"
                                    + " from standard input");
        }
        return network;
    }

    /// With a password goes its user.
    private static String withoutPassword(String text) {
        return text.replaceFirst("(^|//)[^/:@]*:(?!//).*@", "$1");
    }

    private static @Nullable DaemonAddress inNetwork(String text, DaemonTls tls) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
        boolean secure = tls.wanted() || "https".equals(uri.getScheme());
        String host = uri.getHost();
        if (!Set.of("tcp", "http", "https").contains(String.valueOf(uri.getScheme()))
                || host == null
                || !Origin.of("http", uri.getRawAuthority()).isWeb()
                || uri.getUserInfo() != null
                || !Set.of("", "/").contains(String.valueOf(uri.getPath()))) {
            return null;
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? TLS_PORT : PLAIN_PORT;
        return new TcpAddress(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                port,
                secure ? tls.sockets().get() : null);
    }

    Connection connect() throws IOException;

    /// What the HTTP header `Host` says.
    String host();

    /// Why nobody could be reached, in a few words.
    String obstacle(IOException failure);

    /// What the user can do about it: whole sentences.
    String hint();
}
