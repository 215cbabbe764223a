package dev.undocker.source.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.util.function.Function;
import java.util.function.Predicate;

/// Goes where a server sends to. Others than itself are not told who the user is: the address says
/// what they need to know.
///
/// @param may tells which other servers it may send to
/// @param failure puts into a sentence what is wrong with where it sends
record Redirects(
        Http http, Predicate<Origin> may, Function<String, ? extends UndockerException> failure) {
    private static final int MOST = 10;

    /// @param authorization is for the server of this request alone; null for none
    HttpResponse follow(HttpRequest request, @Nullable String authorization) throws IOException {
        Origin home = Origin.of(request.uri());
        HttpRequest at = request;
        for (int redirects = 0; redirects <= MOST; redirects++) {
            boolean own = Origin.of(at.uri()).equals(home);
            if (!own && request.form() != null) {
                throw failure.apply("sent on to another server with what is secret");
            }
            HttpResponse response =
                    http.send(
                            own && authorization != null
                                    ? at.with("Authorization", authorization)
                                    : at);
            switch (response.status()) {
                case 301, 302, 303, 307, 308 -> {
                    String location = response.header("Location");
                    response.close();
                    at = at.at(target(at.uri(), location));
                }
                default -> {
                    return response;
                }
            }
        }
        throw failure.apply("sent on more than %d times".formatted(MOST));
    }

    private URI target(URI from, @Nullable String location) {
        if (location == null || location.isEmpty()) {
            throw failure.apply("sent on, but nowhere");
        }
        // Java takes every byte of a header for a character
        URI said = WebAddress.read(new String(location.getBytes(ISO_8859_1), UTF_8));
        if (said == null) {
            throw failure.apply("sent on to what is no URL");
        }
        URI to = from.resolve(said);
        Origin next = Origin.of(to);
        if (!next.isWeb()) {
            throw failure.apply("sent on to what is no server: %s".formatted(next));
        }
        if (Origin.of(from).isSecure() && !next.isSecure() || !may.test(next)) {
            throw failure.apply("sent on to %s, which is not safe".formatted(next));
        }
        return to;
    }
}
