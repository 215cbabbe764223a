package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// What needs a registry with TLS, without one.
class RegistryClientTest {
    private static final URI BASE = URI.create("https://registry.test");

    private final List<HttpRequest> asked = new ArrayList<>();

    private RegistryClient client(String location) {
        return client(307, "Location", location);
    }

    /// Of a registry that answers so, whatever it is asked.
    private RegistryClient client(int status, String header, String value) {
        Http http =
                request -> {
                    asked.add(request);
                    return new Said(request.uri(), status, header, value);
                };
        RegistryFailures failures =
                new RegistryFailures(
                        "docker://x:1", "registry.test", RegistryFailures.Login.ANONYMOUS, 0);
        Pause none = duration -> {};
        Authorizer authorizer =
                new Authorizer(
                        http, Origin.of(BASE), new Credentials.Anonymous(), "", failures, none);
        return new RegistryClient(http, BASE, authorizer, failures, none);
    }

    @Test
    void whatWasSafeStaysSafe() {
        assertThatThrownBy(() -> client("http://storage.test/x").get("/v2/x", "*/*", 0))
                .hasMessage(
                        "docker://x:1: registry.test: sent on to http://storage.test, which is not"
                                + " safe");
        assertThat(asked).hasSize(1);
    }

    @Test
    void nowhereIsNoPlace() {
        assertThatThrownBy(() -> client("https://[").get("/v2/x", "*/*", 0))
                .hasMessageEndingWith("sent on to what is no URL");
    }

    @Test
    void aTokenServerIsAsSafeAsItsRegistry() {
        String realm = "Bearer realm=\"http://registry.test/token\"";
        assertThatThrownBy(() -> client(401, "WWW-Authenticate", realm).get("/v2/x", "*/*", 0))
                .hasMessageEndingWith(
                        "the token server that it names cannot be trusted: http://registry.test");
        assertThat(asked).hasSize(1);
    }

    private record Said(URI uri, int status, String header, String value) implements HttpResponse {
        @Override
        public List<String> headers(String name) {
            return name.equals(header) ? List.of(value) : List.of();
        }

        @Override
        public InputStream body() {
            return InputStream.nullInputStream();
        }

        @Override
        public void close() {}
    }
}
