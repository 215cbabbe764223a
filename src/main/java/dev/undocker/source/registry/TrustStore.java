package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/// Whom this machine and its user trust to be a server: the system's authorities, those of
/// containers-certs.d(5), and keys for servers that ask for one. Nothing is read before a server is
/// named, and the system's authorities when one is to be judged: plain HTTP costs nothing.
/// Thread-safe.
public final class TrustStore {
    private static final char[] NO_PASSWORD = {};

    private final Path home;
    private final Path etc;
    private final @Nullable Path certDir;
    private final Warnings warnings;
    private final Map<Server, SSLSocketFactory> factories = new HashMap<>();
    private final List<Authorities> system;

    private record Server(String host, boolean known, boolean insecure) {}

    /// @param environment `SSL_CERT_FILE` and `SSL_CERT_DIR` stand for the system's authorities
    /// @param etc what is `/etc` on this machine
    /// @param certDir is used for every server, instead of the one with its name; null for that
    public TrustStore(
            Function<String, @Nullable String> environment,
            Path home,
            Path etc,
            @Nullable Path certDir,
            Warnings warnings) {
        this.home = home;
        this.etc = etc;
        this.certDir = certDir;
        this.warnings = warnings;
        this.system = SystemAuthorities.find(environment, etc);
    }

    /// All that a trust store may read, with the same parameters.
    static List<Path> files(
            Function<String, @Nullable String> environment,
            Path home,
            Path etc,
            @Nullable Path certDir) {
        return Stream.of(
                        SystemAuthorities.files(environment, etc),
                        CertsDirectory.places(home, etc),
                        Stream.ofNullable(certDir))
                .flatMap(each -> each)
                .toList();
    }

    /// Makes the connections to one server. Always the same object, by which Java finds those that
    /// are kept alive. The server's name is judged within the handshake, so the connection's
    /// HostnameVerifier has to be Java's.
    ///
    /// @param host of the registry, with its port where the user said one, and `docker.io` for
    ///   Docker Hub; also for the servers that it sends to, as skopeo has it, for they are believed
    ///   for the same reasons
    /// @param insecure any server is believed, with any name
    /// @throws UndockerException when a file of the user's cannot be used
    public synchronized SSLSocketFactory factory(String host, boolean insecure) {
        return factories.computeIfAbsent(new Server(host, true, insecure), this::make);
    }

    /// The same for a server to which the user shows no key.
    public synchronized SSLSocketFactory foreign(String host, boolean insecure) {
        return factories.computeIfAbsent(new Server(host, false, insecure), this::make);
    }

    /// Makes the connections to a daemon of Docker: `ca.pem` in a directory stands beside the
    /// system's authorities, and `cert.pem` and `key.pem` are who the user is
    /// (<https://docs.docker.com/engine/security/protect-access/>).
    ///
    /// @param insecure any server is believed, with any name
    /// @throws UndockerException when a file cannot be used
    public SSLSocketFactory docker(Path directory, boolean insecure) {
        return make(directory.toString(), CertsDirectory.ofDocker(directory, warnings), insecure);
    }

    private SSLSocketFactory make(Server server) {
        CertsDirectory directory = directory(server.host());
        return make(
                server.host(),
                server.known() ? directory : directory.withoutKeys(),
                server.insecure());
    }

    private SSLSocketFactory make(String place, CertsDirectory directory, boolean insecure) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keyManagers(directory.keys()),
                    new TrustManager[] {
                        insecure ? new BlindTrust() : new ChainTrust(authorities(directory))
                    },
                    null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new UndockerException("%s: TLS: %s".formatted(place, e.getMessage()), e);
        }
    }

    private CertsDirectory directory(String host) {
        if (certDir != null && !Files.isDirectory(certDir)) {
            throw new UndockerException("%s: no such directory".formatted(certDir));
        }
        Path directory = certDir != null ? certDir : CertsDirectory.find(home, etc, host);
        return directory == null ? CertsDirectory.NONE : CertsDirectory.read(directory, warnings);
    }

    private List<Authorities> authorities(CertsDirectory directory) {
        return Stream.concat(Stream.of(new Authorities(directory::authorities)), system.stream())
                .toList();
    }

    private static KeyManager @Nullable [] keyManagers(List<ClientKey> keys)
            throws IOException, GeneralSecurityException {
        if (keys.isEmpty()) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (ClientKey key : keys) {
            store.setKeyEntry(
                    String.valueOf(store.size()),
                    key.key(),
                    NO_PASSWORD,
                    key.chain().toArray(X509Certificate[]::new));
        }
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }
}
