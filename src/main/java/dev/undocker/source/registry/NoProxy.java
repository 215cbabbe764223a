package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.net.IDN;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The hosts that are reached without a proxy, as Go's httpproxy reads them from `NO_PROXY`:
/// addresses, networks, domains with what is below them, `.domain` for that alone, each but a
/// network with a port if it is for one port; and `*` for all.
///
/// <https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config>
final class NoProxy {
    private final List<Rule> rules = new ArrayList<>();

    NoProxy(String list) {
        for (String entry : list.split(",")) {
            String text = entry.strip().toLowerCase(Locale.ROOT);
            if (!text.isEmpty()) {
                rules.add(rule(text));
            }
        }
    }

    /// @param host a name, or an address without brackets
    boolean covers(String host, int port) {
        String name = ascii(host.toLowerCase(Locale.ROOT));
        InetAddress address = literal(name);
        if (name.equals("localhost") || address != null && address.isLoopbackAddress()) {
            return true;
        }
        return rules.stream().anyMatch(rule -> rule.covers(name, address, port));
    }

    private static Rule rule(String text) {
        if (text.equals("*")) {
            return new Everything();
        }
        int slash = text.indexOf('/');
        InetAddress network = slash < 0 ? null : literal(text.substring(0, slash));
        if (network != null && text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return new Network(network.getAddress(), Integer.parseInt(text.substring(slash + 1)));
        }
        String host = text;
        String port = "";
        int colon = text.lastIndexOf(':');
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            host = text.substring(1, bracket);
            port = colon > bracket ? text.substring(colon + 1) : "";
        } else if (colon >= 0 && text.indexOf(':') == colon) {
            host = text.substring(0, colon);
            port = text.substring(colon + 1);
        }
        InetAddress address = literal(host);
        if (address != null) {
            return new Address(address, port);
        }
        String domain = host.startsWith("*.") ? host.substring(1) : host;
        return domain.startsWith(".")
                ? new Domain(ascii(domain.substring(1)), false, port)
                : new Domain(ascii(domain), true, port);
    }

    private static String ascii(String host) {
        try {
            return IDN.toASCII(host);
        } catch (IllegalArgumentException e) {
            return host;
        }
    }

    /// The address that is written there; null for a name. The zone says only by which way.
    private static @Nullable InetAddress literal(String text) {
        int zone = text.indexOf('%');
        try {
            return InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isPort(String rule, int port) {
        return rule.isEmpty() || rule.equals(String.valueOf(port));
    }

    private sealed interface Rule {
        boolean covers(String name, @Nullable InetAddress address, int port);
    }

    private record Everything() implements Rule {
        @Override
        public boolean covers(String name, @Nullable InetAddress address, int port) {
            return true;
        }
    }

    private record Address(InetAddress same, String only) implements Rule {
        @Override
        public boolean covers(String name, @Nullable InetAddress address, int port) {
            return same.equals(address) && isPort(only, port);
        }
    }

    private record Network(byte[] prefix, int bits) implements Rule {
        @Override
        public boolean covers(String name, @Nullable InetAddress address, int port) {
            if (address == null) {
                return false;
            }
            byte[] bytes = address.getAddress();
            if (bytes.length != prefix.length || bits > bytes.length * Byte.SIZE) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                if (((bytes[i / 8] ^ prefix[i / 8]) & (0x80 >> i % 8)) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private record Domain(String domain, boolean itself, String only) implements Rule {
        @Override
        public boolean covers(String name, @Nullable InetAddress address, int port) {
            boolean met = name.endsWith("." + domain) || itself && name.equals(domain);
            return met && address == null && isPort(only, port);
        }
    }
}
