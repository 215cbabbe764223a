package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Scheme, host and port of a server (RFC 6454): what credentials are for.
public record Origin(String scheme, String host, int port) {
    private static final int LAST_PORT = 0xffff;

    /// Host and port, and whom some put in front of them. Hosts with an underscore have no place in
    /// RFC 952, but are there.
    private static final Pattern AUTHORITY =
            Pattern.compile(
                    "(?:[^@]*@)?(?<host>\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(?<port>[0-9]{1,5})?)?");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern FOUR_NUMBERS = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

    /// Of an address, or of what is none: [#isWeb] tells.
    static Origin of(URI uri) {
        String authority = uri.getRawAuthority();
        return of(String.valueOf(uri.getScheme()), authority == null ? "" : authority);
    }

    /// @param authority host and port
    public static Origin of(String scheme, String authority) {
        String small = scheme.toLowerCase(Locale.ROOT);
        int usual = small.equals("https") ? 443 : 80;
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            return new Origin(small, "", usual);
        }
        String port = parts.group("port");
        return new Origin(
                small,
                parts.group("host").toLowerCase(Locale.ROOT),
                port == null ? usual : Integer.parseInt(port));
    }

    boolean isSecure() {
        return scheme.equals("https");
    }

    /// True for servers that can be asked; false for files and the like, and where host or port are
    /// none.
    public boolean isWeb() {
        return (scheme.equals("https") || scheme.equals("http"))
                && isHost()
                && port > 0
                && port <= LAST_PORT;
    }

    /// What ends in a number is an address or nothing
    /// (<https://url.spec.whatwg.org/#host-parsing>); its short forms (`127.1`), which Java knows,
    /// are mistakes in the name of a registry.
    private boolean isHost() {
        if (host.startsWith("[")
                || NUMBER.matcher(host.substring(host.lastIndexOf('.') + 1)).matches()) {
            return (host.startsWith("[") || FOUR_NUMBERS.matcher(host).matches())
                    && literal() != null;
        }
        return !host.isEmpty();
    }

    /// True for this machine itself.
    boolean isLoopback() {
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            return true;
        }
        InetAddress address = literal();
        return address != null && address.isLoopbackAddress();
    }

    /// True for an address that only machines nearby have: nobody far away has a reason to name it.
    boolean isPrivateAddress() {
        InetAddress address = literal();
        return address != null
                && (address.isLoopbackAddress()
                        || address.isLinkLocalAddress()
                        || address.isSiteLocalAddress()
                        || address.isAnyLocalAddress());
    }

    /// Host, and port where it is not the scheme's own.
    String authority() {
        boolean usual = port == (isSecure() ? 443 : 80);
        return host + (usual ? "" : ":" + port);
    }

    /// As a URL, with the port where it is not the scheme's own.
    @Override
    public String toString() {
        return scheme + "://" + authority();
    }

    /// True when this server, which nobody has to trust, may send to another one: it must not make
    /// this program knock at doors that are closed to it.
    boolean mayName(Origin other) {
        return other.host.equals(host) || !other.isPrivateAddress() || isPrivateAddress();
    }

    private @Nullable InetAddress literal() {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
