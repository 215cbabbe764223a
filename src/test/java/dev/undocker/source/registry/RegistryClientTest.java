package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What needs a registry with TLS, without one.
class RegistryClientTest {
    private static final URI BASE = URI.create("https://registry.test");

    private final List<HttpRequest> asked = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    private RegistryClient client(String location) {
        return client(307, "Location", location);
    }

    /// Of a registry that answers so, whatever it is asked.
    private RegistryClient client(int status, String header, String value) {
        return client(request -> new Said(request.uri(), status, header, value, ""));
    }

    private RegistryClient client(Http http) {
        Http noted =
                request -> {
                    asked.add(request);
                    return http.send(request);
                };
        RegistryFailures failures =
                new RegistryFailures(
                        "docker://x:1", "registry.test", RegistryFailures.Login.ANONYMOUS, 0);
        Pause none = duration -> {};
        Authorizer authorizer =
                new Authorizer(
                        noted,
                        Origin.of(BASE),
                        new Credentials.Anonymous(),
                        "",
                        failures,
                        none,
                        () -> now);
        return new RegistryClient(noted, BASE, authorizer, failures, none);
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

    /// A token is replaced before it is refused.
    @Test
    void aTokenThatIsTooOldIsNotSent() {
        RegistryClient client =
                client(request -> {
                    boolean token = request.uri().getPath().equals("/token");
                    boolean let = token || request.headers().containsKey("Authorization");
                    return new Said(
                            request.uri(),
                            let ? 200 : 401,
                            "WWW-Authenticate",
                            "Bearer realm=\"https://registry.test/token\"",
                            "{\"token\":\"t%d\",\"expires_in\":300}".formatted(asked.size()));
                });
        for (int minutes : new int[] {0, 4, 5, 6}) {
            now = Instant.EPOCH.plus(Duration.ofMinutes(minutes));
            client.get("/v2/x", "*/*", 0).close();
        }
        assertThat(
                        asked.stream()
                                .map(request ->
                                        request.uri().getPath()
                                                + request.headers()
                                                        .getOrDefault("Authorization", "")))
                .containsExactly(
                        "/v2/x",
                        "/token",
                        "/v2/xBearer t2",
                        "/v2/xBearer t2",
                        "/token",
                        "/v2/xBearer t5",
                        "/v2/xBearer t5");
    }

    private record Said(URI uri, int status, String header, String value, String text)
            implements HttpResponse {
        @Override
        public List<String> headers(String name) {
            return name.equals(header) ? List.of(value) : List.of();
        }

        @Override
        public InputStream body() {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {}
    }
}
