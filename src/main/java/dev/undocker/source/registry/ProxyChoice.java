package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Which proxy leads to a server: `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` in both cases as Go's
/// httpproxy takes them, which skopeo, podman and Docker use, and `ALL_PROXY` where neither of the
/// first two is set, as curl takes it. This machine itself is never reached through a proxy.
///
/// Made before the first connection, because Java reads only then whether a password may go to a
/// proxy in Basic form. Thread-safe.
///
/// <https://pkg.go.dev/golang.org/x/net/http/httpproxy>
public final class ProxyChoice {
    /// See conf/net.properties of the JDK.
    private static final String DISABLED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    private final Function<String, @Nullable String> environment;
    private final NoProxy without;

    /// By scheme. One for all servers, or Java would not find its connections again.
    private final Map<String, ProxyRoute> routes = new ConcurrentHashMap<>();

    public ProxyChoice(Function<String, @Nullable String> environment) {
        this.environment = environment;
        String list = first(List.of("NO_PROXY", "no_proxy"));
        this.without = new NoProxy(list == null ? "" : value(list));
        allowBasicForTunnels();
    }

    /// The user put the password into the environment for this very purpose, and every other client
    /// sends it.
    private static void allowBasicForTunnels() {
        if (System.getProperty(DISABLED_SCHEMES) == null) {
            System.setProperty(DISABLED_SCHEMES, "");
        }
    }

    /// @param scheme `http` or `https`
    /// @param host a name or an address, an IPv6 one with or without its brackets
    /// @param port negative for the scheme's own
    /// @throws dev.undocker.UndockerException when the proxy's address makes no sense
    public ProxyRoute route(String scheme, String host, int port) {
        String name =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        boolean secure = scheme.toLowerCase(Locale.ROOT).equals("https");
        int usual = secure ? 443 : 80;
        if (without.covers(name, port < 0 ? usual : port)) {
            return ProxyRoute.DIRECT;
        }
        return secure
                ? routes.computeIfAbsent("HTTPS_PROXY", this::configured)
                : routes.computeIfAbsent("HTTP_PROXY", this::configured);
    }

    private ProxyRoute configured(String upper) {
        // whoever asks a CGI program something can set its HTTP_PROXY: https://httpoxy.org
        boolean foreign = upper.equals("HTTP_PROXY") && !value("REQUEST_METHOD").isEmpty();
        String variable = foreign ? null : first(List.of(upper, upper.toLowerCase(Locale.ROOT)));
        if (variable == null) {
            variable = first(List.of("ALL_PROXY", "all_proxy"));
        }
        return variable == null ? ProxyRoute.DIRECT : ProxyRoute.through(variable, value(variable));
    }

    /// The first of these variables that says something.
    private @Nullable String first(List<String> variables) {
        return variables.stream()
                .filter(variable -> !value(variable).isEmpty())
                .findFirst()
                .orElse(null);
    }

    private String value(String variable) {
        String value = environment.apply(variable);
        return value == null ? "" : value.strip();
    }
}
