package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// A request got no answer: its message says why, and it knows whom that concerns.
final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    /// What a proxy says to `CONNECT`, as Java's client quotes it.
    private static final Pattern TUNNEL =
            Pattern.compile(
                    "Unable to tunnel through proxy.*?(?:HTTP/\\S+ (?<status>\\d{3})\\b.*)?");

    private final transient Origin server;
    private final @Nullable String proxy;
    private final boolean passing;

    private NoAnswerException(
            Origin server,
            @Nullable String proxy,
            boolean passing,
            String reason,
            @Nullable IOException cause) {
        super(reason, cause);
        this.server = server;
        this.proxy = proxy;
        this.passing = passing;
    }

    /// @param proxy through which the server was asked
    static NoAnswerException because(IOException cause, Origin server, Proxy proxy) {
        Matcher tunnel = TUNNEL.matcher(String.valueOf(cause.getMessage()));
        if (tunnel.matches()) {
            return refused(cause, server, proxy, tunnel.group("status"));
        }
        boolean proxys =
                proxy.type() != Proxy.Type.DIRECT
                        && (isUnreachable(cause)
                                || String.valueOf(cause.getMessage()).contains("SOCKS"));
        return new NoAnswerException(
                server,
                proxys ? name(proxy) : null,
                !isUnreachable(cause)
                        && !(cause instanceof SSLHandshakeException)
                        && !(cause instanceof SSLPeerUnverifiedException),
                NetworkFailure.reason(cause),
                cause);
    }

    /// The proxy's own word.
    ///
    /// @param status null when it says none
    static NoAnswerException refused(
            @Nullable IOException cause, Origin server, Proxy proxy, @Nullable String status) {
        String reason =
                switch (status) {
                    case null -> "it makes no tunnel";
                    case "407" -> "it refuses who is not known to it: status 407";
                    default -> "it makes no tunnel: status " + status;
                };
        boolean passing = status != null && Retries.isTransient(Integer.parseInt(status));
        return new NoAnswerException(server, name(proxy), passing, reason, cause);
    }

    /// Something else than HTTP is spoken there.
    static NoAnswerException senseless(Origin server) {
        return new NoAnswerException(server, null, false, "it does not speak HTTP", null);
    }

    private static String name(Proxy proxy) {
        return proxy.address() instanceof InetSocketAddress address
                ? "proxy %s:%d".formatted(address.getHostString(), address.getPort())
                : "proxy";
    }

    /// True where nobody even took the connection.
    private static boolean isUnreachable(IOException failure) {
        return switch (failure) {
            case UnknownHostException _, ConnectException _, NoRouteToHostException _ -> true;
            case SocketTimeoutException slow -> NetworkFailure.isConnecting(slow);
            default -> false;
        };
    }

    /// The server that was asked, which may be behind a proxy.
    Origin server() {
        return server;
    }

    /// `proxy HOST:PORT` when the failure is its; else null.
    @Nullable String proxy() {
        return proxy;
    }

    /// False where the next attempt will fail like this one: no such host, nobody there, nobody to
    /// be trusted.
    static boolean mayPass(IOException failure) {
        return !(failure instanceof NoAnswerException none) || none.passing;
    }
}
