package dev.undocker.source.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URL;
import java.net.URLDecoder;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a server is reached: directly or through a proxy.
///
/// @param authenticator knows the proxy's user and password, and nobody else's; null when none were
///   given. A header would not do: Java sends none with CONNECT.
public record ProxyRoute(Proxy proxy, @Nullable Authenticator authenticator) {
    static final ProxyRoute DIRECT = new ProxyRoute(Proxy.NO_PROXY, null);

    private static final int HTTP_PORT = 80;
    private static final int SOCKS_PORT = 1080;

    /// `[scheme://][user[:password]@]host[:port]`, and what may follow.
    private static final Pattern ADDRESS =
            Pattern.compile(
                    "(?:(?<scheme>[A-Za-z0-9+.-]+)://)?"
                            + "(?:(?<user>[^:/?#]*)(?::(?<password>[^/?#]*))?@)?"
                            + "(?<host>[^:/?#@\\[\\]]+|\\[[0-9A-Fa-f:.]+])"
                            + "(?::(?<port>[0-9]{1,5}))?"
                            + "(?:[/?#].*)?");

    /// The proxy of an address as Go's httpproxy takes it.
    ///
    /// @param variable where the address stands; it stands for the address in messages, for that
    ///   may have a password in it
    static ProxyRoute through(String variable, String address) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw new UndockerException("%s: not the address of a proxy".formatted(variable));
        }
        String scheme = parts.group("scheme");
        return switch (scheme == null ? "http" : scheme.toLowerCase(Locale.ROOT)) {
            case "http" -> new ProxyRoute(http(variable, parts), authenticator(variable, parts));
            case "socks5", "socks5h" -> {
                if (parts.group("user") != null) {
                    throw new UndockerException(
                            "%s: user and password are not supported for a SOCKS proxy"
                                    .formatted(variable));
                }
                yield new ProxyRoute(
                        new Proxy(Proxy.Type.SOCKS, socket(variable, parts, SOCKS_PORT)), null);
            }
            case "https" ->
                    throw new UndockerException(
                            "%s: a proxy that wants TLS itself is not supported"
                                    .formatted(variable));
            default ->
                    throw new UndockerException(
                            "%s: the scheme is none of http and socks5".formatted(variable));
        };
    }

    private static Proxy http(String variable, Matcher parts) {
        return new Proxy(Proxy.Type.HTTP, socket(variable, parts, HTTP_PORT));
    }

    private static InetSocketAddress socket(String variable, Matcher parts, int usual) {
        String host = parts.group("host");
        String port = parts.group("port");
        int number = port == null ? usual : Integer.parseInt(port);
        if (number < 1 || number > 0xffff) {
            throw new UndockerException("%s: no such port: %s".formatted(variable, port));
        }
        return InetSocketAddress.createUnresolved(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host, number);
    }

    private static @Nullable Authenticator authenticator(String variable, Matcher parts) {
        String user = parts.group("user");
        if (user == null) {
            return null;
        }
        String password = parts.group("password");
        return new Login(
                new PasswordAuthentication(
                        decode(variable, user),
                        decode(variable, password == null ? "" : password).toCharArray()));
    }

    /// Only `%` means something: in an address, a plus is a plus.
    private static String decode(String variable, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            // the message would quote a part of the password
            throw new UndockerException(
                    "%s: user or password are not percent-encoded".formatted(variable));
        }
    }

    /// A connection that is not yet made.
    public HttpURLConnection open(URL url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(proxy);
        if (authenticator != null) {
            connection.setAuthenticator(authenticator);
        }
        return connection;
    }

    private static final class Login extends Authenticator {
        private final PasswordAuthentication login;

        Login(PasswordAuthentication login) {
            this.login = login;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY ? login : null;
        }
    }
}
