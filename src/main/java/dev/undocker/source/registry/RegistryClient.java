package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.image.Digest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Asks one registry for what belongs to one repository (distribution-spec, `spec.md#pull`). It
/// says who the user is when it is asked, follows where it is sent, and tries again what may do
/// better next time. Thread-safe.
final class RegistryClient {
    private final Redirects redirects;
    private final URI base;
    private final Origin origin;
    private final @Nullable Authorizer authorizer;
    private final RegistryFailures failures;
    private final Pause pause;

    /// @param base the registry, with scheme and port, without a path
    /// @param authorizer null where nobody is to hear who the user is
    /// @param failures puts into words what fails
    RegistryClient(
            Http http,
            URI base,
            @Nullable Authorizer authorizer,
            RegistryFailures failures,
            Pause pause) {
        this.redirects = new Redirects(http, server -> true, failures::because);
        this.base = base;
        this.origin = Origin.of(base);
        this.authorizer = authorizer;
        this.failures = failures;
        this.pause = pause;
    }

    /// The server that is asked.
    Origin origin() {
        return origin;
    }

    RegistryFailures failures() {
        return failures;
    }

    Retries retries() {
        return new Retries(pause);
    }

    /// What stands at a path, or a part of it.
    ///
    /// @param path from the registry's top, or a whole URL
    /// @param accept the media types that are understood
    /// @param from where to begin; a server may ignore that and answer 200
    /// @return an answer of status 200 or 206, to be closed by the caller
    /// @throws UndockerException when the registry has no such thing or does not give it
    HttpResponse get(String path, String accept, long from) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", accept);
        if (from > 0) {
            headers.put("Range", "bytes=%d-".formatted(from));
        }
        HttpRequest request = HttpRequest.get(base.resolve(path), headers);
        Retries retries = retries();
        while (true) {
            try {
                HttpResponse response = authorized(request);
                int status = response.status();
                if (status == 200 || status == 206 || status == 416 && from > 0) {
                    return response;
                }
                if (!Retries.isTransient(status)
                        || !retries.another(
                                Retries.after(response.header("Retry-After"), Instant.now()))) {
                    throw failures.refused(origin, path, response);
                }
                response.close();
            } catch (IOException e) {
                if (!NoAnswerException.mayPass(e) || !retries.another(null)) {
                    throw failures.unreachable(origin, e);
                }
            }
        }
    }

    /// The digest of what stands at a path, as the registry states it (distribution-spec,
    /// `spec.md#pulling-manifests`).
    ///
    /// @return null when it does not, or does not now
    @Nullable Digest digest(String path, String accept) {
        HttpRequest request = HttpRequest.head(base.resolve(path), Map.of("Accept", accept));
        try (HttpResponse response = authorized(request)) {
            String stated = response.header("Docker-Content-Digest");
            return response.status() != 200 || stated == null ? null : Digest.parse(stated);
        } catch (IOException | UndockerException e) {
            // who asks for the document itself hears more
            return null;
        }
    }

    /// A whole small document, read again where a connection breaks.
    ///
    /// @param limit the most bytes that are read
    byte[] document(String path, String accept, int limit) {
        Retries retries = retries();
        while (true) {
            try (HttpResponse response = get(path, accept, 0);
                    InputStream in = response.body()) {
                byte[] bytes = in.readNBytes(limit + 1);
                if (bytes.length > limit) {
                    throw failures.because("more than the %d bytes that are read".formatted(limit));
                }
                return bytes;
            } catch (IOException e) {
                if (!NoAnswerException.mayPass(e) || !retries.another(null)) {
                    throw failures.unreachable(origin, e);
                }
            }
        }
    }

    private HttpResponse authorized(HttpRequest request) throws IOException {
        if (authorizer == null) {
            return redirects.follow(request, null);
        }
        String sent = authorizer.header();
        HttpResponse response = redirects.follow(request, sent);
        if (response.status() != 401 || !Origin.of(response.uri()).equals(origin)) {
            return response;
        }
        List<Challenge> challenges = Challenge.parse(response.headers("WWW-Authenticate"));
        if (challenges.isEmpty()) {
            challenges = challengesOfTheTop();
        }
        if (!authorizer.answer(challenges, sent)) {
            return response;
        }
        response.close();
        return redirects.follow(request, authorizer.header());
    }

    /// Some registries say only there whom they ask (distribution-spec,
    /// `spec.md#determining-support`).
    private List<Challenge> challengesOfTheTop() throws IOException {
        try (HttpResponse response =
                redirects.follow(HttpRequest.get(base.resolve("/v2/"), Map.of()), null)) {
            return Challenge.parse(response.headers("WWW-Authenticate"));
        }
    }
}
