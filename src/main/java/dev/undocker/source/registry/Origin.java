package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;

/// Scheme, host and port of a server (RFC 6454): what credentials are for.
record Origin(String scheme, String host, int port) {
    static Origin of(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return new Origin(scheme, host, port);
    }

    boolean isSecure() {
        return scheme.equals("https");
    }

    /// True for servers, false for files and the like.
    boolean isWeb() {
        return (scheme.equals("https") || scheme.equals("http")) && !host.isEmpty();
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

    /// As a URL, with the port where it is not the scheme's own.
    @Override
    public String toString() {
        boolean usual = port == (isSecure() ? 443 : 80);
        return scheme + "://" + host + (usual ? "" : ":" + port);
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
