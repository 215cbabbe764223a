package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Says to a registry who the user is: answers its challenges and keeps the token that it gets for
/// them (<https://distribution.github.io/distribution/spec/auth/token/>,
/// <https://distribution.github.io/distribution/spec/auth/oauth/>). Credentials go to the registry
/// and to the token server that it names, by TLS unless the registry itself has none.
///
/// Thread-safe: of several threads whose token ran out one gets the next.
final class Authorizer {
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(60);

    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    /// A token is not used to its very end.
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Http http;
    private final Origin registry;
    private final Credentials credentials;
    private final String scope;
    private final RegistryFailures failures;
    private final Pause pause;
    private final InstantSource clock;
    private @Nullable String header;
    private @Nullable Challenge bearer;
    private Instant expiry = Instant.MAX;

    /// @param registry whose challenges are answered
    /// @param scope what a token is to allow
    /// @param failures puts into words what fails
    /// @param clock tells how long a token lives
    Authorizer(
            Http http,
            Origin registry,
            Credentials credentials,
            String scope,
            RegistryFailures failures,
            Pause pause,
            InstantSource clock) {
        this.http = http;
        this.registry = registry;
        this.credentials = credentials;
        this.scope = scope;
        this.failures = failures;
        this.pause = pause;
        this.clock = clock;
    }

    /// What to send as `Authorization`; null before anything is asked for.
    synchronized @Nullable String header() throws IOException {
        if (bearer != null && clock.instant().isAfter(expiry)) {
            header = token(bearer);
        }
        return header;
    }

    /// Answers a 401.
    ///
    /// @param challenges of the answer
    /// @param refused what was sent; null when nothing was
    /// @return false when there is no answer, or none but what was refused
    /// @throws UndockerException when the token server refuses
    synchronized boolean answer(List<Challenge> challenges, @Nullable String refused)
            throws IOException {
        if (header != null && !header.equals(refused)) {
            // another thread was faster
            return true;
        }
        for (Challenge challenge : challenges) {
            if (challenge.scheme().equals("bearer")) {
                bearer = challenge;
                header = token(challenge);
                return !header.equals(refused);
            }
        }
        for (Challenge challenge : challenges) {
            if (challenge.scheme().equals("basic")
                    && credentials instanceof Credentials.Basic basic) {
                header = basic(basic);
                return !header.equals(refused);
            }
        }
        if (!challenges.isEmpty() && challenges.stream().noneMatch(Authorizer::isKnown)) {
            throw failures.because(
                    "it wants a login by %s, which is not supported"
                            .formatted(
                                    challenges.stream()
                                            .map(Challenge::scheme)
                                            .collect(Collectors.joining(" or "))));
        }
        return false;
    }

    private static boolean isKnown(Challenge challenge) {
        return challenge.scheme().equals("bearer") || challenge.scheme().equals("basic");
    }

    private static String basic(Credentials.Basic basic) {
        byte[] pair = (basic.user() + ":" + basic.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private String token(Challenge challenge) throws IOException {
        if (credentials instanceof Credentials.BearerToken given) {
            expiry = Instant.MAX;
            return "Bearer " + given.token();
        }
        Instant now = clock.instant();
        JsonDocument answer = fetch(challenge);
        String token = answer.string("token");
        if (token == null || token.isEmpty()) {
            token = answer.string("access_token");
        }
        if (token == null || token.isEmpty()) {
            throw answer.refuse("no token in it");
        }
        if (!Credentials.BearerToken.isOne(token)) {
            throw answer.refuse("not a token");
        }
        expiry = now.plus(life(answer)).minus(MARGIN);
        return "Bearer " + token;
    }

    private static Duration life(JsonDocument token) {
        try {
            long seconds = token.has("expires_in") ? token.size("expires_in") : 0;
            return Duration.ofSeconds(
                    Math.clamp(seconds, SHORTEST_LIFE.toSeconds(), LONGEST_LIFE.toSeconds()));
        } catch (UndockerException e) {
            // no number of seconds; the token is good all the same
            return SHORTEST_LIFE;
        }
    }

    private JsonDocument fetch(Challenge challenge) throws IOException {
        URI realm = realm(challenge);
        Map<String, String> wanted = new LinkedHashMap<>();
        String service = challenge.parameters().get("service");
        if (service != null) {
            wanted.put("service", service);
        }
        String asked = challenge.parameters().get("scope");
        wanted.put("scope", asked == null || asked.isEmpty() ? scope : asked);
        HttpRequest get = HttpRequest.get(withQuery(realm, wanted), Map.of());
        return switch (credentials) {
            case Credentials.IdentityToken identity -> {
                Map<String, String> form = new LinkedHashMap<>(wanted);
                form.put("grant_type", "refresh_token");
                form.put("client_id", "undocker");
                form.put("refresh_token", identity.token());
                HttpRequest post = HttpRequest.post(realm, Map.of(), query(form));
                JsonDocument answer = exchange(post, null, true);
                yield answer != null ? answer : required(exchange(get, null, false), realm);
            }
            case Credentials.Basic basic -> {
                wanted.put("account", basic.user());
                HttpRequest named = HttpRequest.get(withQuery(realm, wanted), Map.of());
                yield required(exchange(named, basic(basic), false), realm);
            }
            case Credentials.Anonymous _, Credentials.BearerToken _ ->
                    required(exchange(get, null, false), realm);
        };
    }

    private JsonDocument required(@Nullable JsonDocument answer, URI realm) {
        if (answer == null) {
            throw failures.because("%s gives no tokens".formatted(Origin.of(realm).host()));
        }
        return answer;
    }

    /// Where tokens are. The registry says so, whom nobody has to trust: it must not make this
    /// program send a password in the clear.
    private URI realm(Challenge challenge) {
        String text = challenge.parameters().getOrDefault("realm", "");
        if (text.isEmpty()) {
            throw failures.because("it wants a token, and does not say where there are any");
        }
        URI realm = WebAddress.read(text);
        if (realm == null) {
            throw failures.because("the token server that it names is no URL");
        }
        Origin server = Origin.of(realm);
        boolean sameHost = server.host().equals(registry.host());
        if (!server.isWeb()
                || (!server.isSecure() && registry.isSecure())
                || (!server.isSecure()
                        && !sameHost
                        && !(credentials instanceof Credentials.Anonymous))
                || !registry.mayName(server)) {
            throw failures.because(
                    "the token server that it names cannot be trusted: %s".formatted(server));
        }
        return realm;
    }

    private static URI withQuery(URI uri, Map<String, String> more) {
        String text = uri.toString();
        int fragment = text.indexOf('#');
        String whole = fragment < 0 ? text : text.substring(0, fragment);
        return URI.create(whole + (uri.getRawQuery() == null ? "?" : "&") + query(more));
    }

    private static String query(Map<String, String> parameters) {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }

    /// @return null for an address that is not there, where that is no failure
    private @Nullable JsonDocument exchange(
            HttpRequest request, @Nullable String authorization, boolean mayMiss) {
        String server = "token server %s: ".formatted(Origin.of(request.uri()).authority());
        Redirects redirects =
                new Redirects(http, registry::mayName, said -> failures.because(server + said));
        Retries retries = new Retries(pause);
        while (true) {
            try (HttpResponse response = redirects.follow(request, authorization)) {
                int status = response.status();
                if (status == 200) {
                    return SecretDocument.parse(
                            failures.place("token"), body(response), said -> {});
                }
                if (mayMiss && (status == 404 || status == 405)) {
                    return null;
                }
                if (!Retries.isTransient(status)
                        || !retries.another(
                                Retries.after(response.header("Retry-After"), Instant.now()))) {
                    throw failures.noToken(server, response);
                }
            } catch (IOException e) {
                if (!NoAnswerException.mayPass(e) || !retries.another(null)) {
                    throw failures.unreachable(server, e);
                }
            }
        }
    }

    private byte[] body(HttpResponse response) throws IOException {
        try (InputStream in = response.body()) {
            byte[] bytes = in.readNBytes(LARGEST_ANSWER + 1);
            if (bytes.length > LARGEST_ANSWER) {
                throw failures.because("a token of more than %d bytes".formatted(LARGEST_ANSWER));
            }
            return bytes;
        }
    }
}
