package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Against a server with TLS, whose certificate is for `localhost` alone.
class TrustStoreTest {
    private static final String EC = "ec -pkeyopt ec_paramgen_curve:prime256v1";

    /// What OpenSSL made: `ca`, `false-ca` of the same name, and `server`, `false`, `client`,
    /// `pss-client` of both, each as `.cert` and `.key`.
    @TempDir static Path made;

    private static OpenSsl openssl;

    @TempDir Path directory;

    private Path home;
    private Path etc;
    private final List<String> warnings = new ArrayList<>();
    private HttpsServer server;

    @BeforeAll
    static void make() throws Exception {
        openssl = new OpenSsl(made);
        authority("ca");
        authority("false-ca");
        issue("server", "ca", EC);
        issue("false", "false-ca", EC);
        issue("client", "ca", EC);
        issue("pss-client", "ca", "rsa-pss -pkeyopt rsa_keygen_bits:2048");
    }

    private static void authority(String name) throws Exception {
        openssl.run(
                "req -x509 -newkey %s -nodes -days 2 -subj /CN=own -keyout %s.key -out %s.cert"
                        .formatted(EC, name, name));
    }

    private static void issue(String name, String authority, String algorithm) throws Exception {
        openssl.run(
                "req -newkey %s -nodes -subj /CN=%s -keyout %s.key -out %s.csr"
                        .formatted(algorithm, name, name, name));
        Files.writeString(made.resolve("extensions"), "subjectAltName=DNS:localhost\n");
        openssl.run(
                "x509 -req -in %s.csr -CA %s.cert -CAkey %s.key -CAcreateserial -days 2 -out %s.cert -extfile extensions"
                        .formatted(name, authority, authority, name));
    }

    @BeforeEach
    void places() throws IOException {
        home = directory.resolve("home");
        etc = directory.resolve("etc");
        // an authority that does not help, so that Java's are not taken
        put("false-ca.cert", etc.resolve("ssl/certs/other.pem"));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private static Path put(String name, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.copy(made.resolve(name), file);
    }

    private void serve(String key, boolean clientMustProve) throws Exception {
        ClientKey own = ClientKey.read(made.resolve(key + ".cert"), made.resolve(key + ".key"));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
        store.setCertificateEntry("ca", certificate("ca.cert"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);

        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters tls = context.getDefaultSSLParameters();
                        tls.setNeedClientAuth(clientMustProve);
                        parameters.setSSLParameters(tls);
                    }
                });
        server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
        server.start();
    }

    private static X509Certificate certificate(String name) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(Files.readAllBytes(made.resolve(name))));
    }

    private String host() {
        return "localhost:" + server.getAddress().getPort();
    }

    private Path certs() {
        return etc.resolve("containers/certs.d").resolve(host());
    }

    private TrustStore store(Map<String, String> environment, @Nullable Path certDir) {
        return new TrustStore(environment::get, home, etc, certDir, warnings::add);
    }

    private TrustStore store() {
        return store(Map.of(), null);
    }

    private int ask(TrustStore store, boolean insecure) throws IOException {
        return ask(store, insecure, "localhost");
    }

    private int ask(TrustStore store, boolean insecure, String name) throws IOException {
        return ask(store.factory(host(), insecure), name);
    }

    private int ask(SSLSocketFactory factory, String name) throws IOException {
        HttpsURLConnection connection =
                (HttpsURLConnection)
                        URI.create("https://%s:%d/".formatted(name, server.getAddress().getPort()))
                                .toURL()
                                .openConnection(Proxy.NO_PROXY);
        connection.setSSLSocketFactory(factory);
        return connection.getResponseCode();
    }

    @Test
    void withoutItsAuthorityAServerIsNotBelieved() throws Exception {
        Files.delete(etc.resolve("ssl/certs/other.pem"));
        put("client.cert", etc.resolve("ssl/certs/other.pem"));
        serve("server", false);
        assertThatThrownBy(() -> ask(store(), false))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("signed by CN=own, which this machine does not trust");
    }

    /// The same name with another key: names only lead to candidates.
    @Test
    void anAuthorityIsMoreThanItsName() throws Exception {
        put("false-ca.cert", etc.resolve("ssl/certs/ca-certificates.crt"));
        serve("server", false);
        assertThatThrownBy(() -> ask(store(), false)).isInstanceOf(SSLHandshakeException.class);
        put("ca.cert", etc.resolve("ssl/certs/own.pem"));
        assertThat(ask(store(), false)).isEqualTo(204);
        server.stop(0);
        serve("false", false);
        assertThat(ask(store(), false)).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "etc/containers/certs.d/HOST/own.crt",
                "etc/docker/certs.d/HOST/own.crt",
                "home/.config/containers/certs.d/HOST/own.crt",
                "etc/ssl/certs/ca-certificates.crt",
                "etc/ssl/certs/own",
                "etc/pki/tls/certs/ca-bundle.crt",
                "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                "etc/ssl/ca-bundle.pem",
                "etc/ssl/cert.pem",
            })
    void anAuthorityIsFoundWhereOthersFindIt(String place) throws Exception {
        serve("server", false);
        put("ca.cert", directory.resolve(place.replace("HOST", host())));
        assertThat(ask(store(), false)).isEqualTo(204);
        assertThat(warnings).isEmpty();
    }

    @Test
    void ofSeveralDirectoriesForAServerOneIsRead() throws Exception {
        serve("server", false);
        put("ca.cert", certs().resolve("own.crt"));
        Files.createDirectories(home.resolve(".config/containers/certs.d").resolve(host()));
        assertThatThrownBy(() -> ask(store(), false)).isInstanceOf(SSLHandshakeException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "SSL_CERT_FILE, some/file,  true",
        "SSL_CERT_DIR,  some,       true",
        "SSL_CERT_DIR,  none:some,  true",
        "SSL_CERT_FILE, none,       false",
        "SSL_CERT_FILE, '',         false",
    })
    void theEnvironmentNamesTheAuthorities(String variable, String value, boolean believed)
            throws Exception {
        serve("server", false);
        put("ca.cert", directory.resolve("some/file"));
        String absolute =
                Stream.of(value.split(":"))
                        .map(name -> name.isEmpty() ? name : directory.resolve(name).toString())
                        .reduce((one, two) -> one + ":" + two)
                        .orElse("");
        TrustStore store = store(Map.of(variable, absolute), null);
        if (believed) {
            assertThat(ask(store, false)).isEqualTo(204);
        } else {
            assertThatThrownBy(() -> ask(store, false)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void aGivenDirectoryIsForEveryServer() throws Exception {
        serve("server", false);
        Path given = put("ca.cert", directory.resolve("given/own.crt")).getParent();
        assertThat(ask(store(Map.of(), given), false)).isEqualTo(204);
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> ask(store(Map.of(), missing), false))
                .isInstanceOf(UndockerException.class)
                .hasMessage(missing + ": no such directory");
    }

    @Test
    void aServerWithAnotherNameIsNotBelieved() throws Exception {
        serve("server", false);
        put("ca.cert", certs().resolve("own.crt"));
        assertThatThrownBy(() -> ask(store(), false, "127.0.0.1"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("the certificate is not for 127.0.0.1: it is for localhost")
                .satisfies(failure ->
                        assertThat(failures().unreachable("", (IOException) failure).hint())
                                .isNull());
        assertThatThrownBy(() -> ask(store(Map.of(), empty()), false, "localhost"))
                .satisfies(failure ->
                        assertThat(failures().unreachable("", (IOException) failure).hint())
                                .contains("certs.d/r.test/ca.crt"));
    }

    private Path empty() throws IOException {
        return Files.createDirectories(home.resolve("empty"));
    }

    private static RegistryFailures failures() {
        return new RegistryFailures(
                "docker://r.test/x", "r.test", RegistryFailures.Login.ANONYMOUS, 0);
    }

    @Test
    void whoWantsNoVerificationHasNone() throws Exception {
        serve("server", false);
        assertThat(ask(store(), true)).isEqualTo(204);
        assertThat(ask(store(), true, "127.0.0.1")).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatAsksForACertificateGetsTheUsers(boolean insecure) throws Exception {
        serve("server", true);
        put("ca.cert", certs().resolve("own.crt"));
        assertThatThrownBy(() -> ask(store(), insecure)).isInstanceOf(IOException.class);
        put("client.cert", certs().resolve("me.cert"));
        put("client.key", certs().resolve("me.key"));
        assertThat(ask(store(), insecure)).isEqualTo(204);
        assertThatThrownBy(() -> ask(store().foreign(host(), insecure), "localhost"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aForeignServerIsJudgedLikeAnyOther() throws Exception {
        serve("server", false);
        assertThatThrownBy(() -> ask(store().foreign(host(), false), "localhost"))
                .isInstanceOf(SSLException.class);
        put("ca.cert", certs().resolve("own.crt"));
        assertThat(ask(store().foreign(host(), false), "localhost")).isEqualTo(204);
    }

    @Test
    void aKeyMayBeForPssAlone() throws Exception {
        serve("server", true);
        put("ca.cert", certs().resolve("own.crt"));
        put("pss-client.cert", certs().resolve("me.cert"));
        put("pss-client.key", certs().resolve("me.key"));
        assertThat(ask(store(), false)).isEqualTo(204);
    }

    @Test
    void oneServerHasOneFactory() {
        TrustStore store = store();
        assertThat(store.factory("a.test", false)).isSameAs(store.factory("a.test", false));
        assertThat(store.factory("a.test", true)).isNotSameAs(store.factory("a.test", false));
    }

    /// That an authority of Java's is found shows that they are there.
    @Test
    void aMachineWithoutAuthoritiesHasJavas() throws Exception {
        TrustManagerFactory java = TrustManagerFactory.getInstance("PKIX");
        java.init((KeyStore) null);
        X509Certificate[] roots =
                ((X509TrustManager) java.getTrustManagers()[0]).getAcceptedIssuers();
        X509Certificate[] chain = {roots[0]};
        Path empty = directory.resolve("empty");
        assertThat(SystemAuthorities.find(name -> null, empty).getLast().of(chain))
                .contains(roots[0]);
        assertThat(SystemAuthorities.find(name -> "/nowhere", empty))
                .allMatch(Authorities::isEmpty);
    }

    @ParameterizedTest
    @CsvSource({
        "me.key,  '',     me.key: no me.cert beside it",
        "me.cert, '',     me.cert: no me.key beside it",
    })
    void aKeyWithoutItsPartnerIsAMistake(String name, String other, String expected)
            throws Exception {
        Path file = put("client.key", directory.resolve("given").resolve(name));
        assertThatThrownBy(() -> store(Map.of(), file.getParent()).factory("a.test", false))
                .isInstanceOf(UndockerException.class)
                .hasMessage(file.resolveSibling(expected).toString());
    }

    @Test
    void whatIsNoAuthorityIsNamedAndPassedOver() throws Exception {
        Path given = Files.createDirectories(directory.resolve("given"));
        Path der = Files.write(given.resolve("a.crt"), certificate("ca.cert").getEncoded());
        Path dangling = Files.createSymbolicLink(given.resolve("b.crt"), Path.of("nothing"));
        Files.writeString(
                given.resolve("c.crt"),
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        store(Map.of(), given).factory("a.test", false);
        assertThat(warnings)
                .containsExactly(
                        der + ": no certificate in PEM",
                        dangling + ": cannot be read: no such file or directory");
    }
}
