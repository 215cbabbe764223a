package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a web server is asked.
///
/// @param method GET, HEAD or POST
/// @param headers may hold secrets, which never reach a message
/// @param form posted as `application/x-www-form-urlencoded`; null for the others
record HttpRequest(String method, URI uri, Map<String, String> headers, @Nullable String form) {
    HttpRequest {
        headers = Map.copyOf(headers);
    }

    static HttpRequest get(URI uri, Map<String, String> headers) {
        return new HttpRequest("GET", uri, headers, null);
    }

    static HttpRequest head(URI uri, Map<String, String> headers) {
        return new HttpRequest("HEAD", uri, headers, null);
    }

    static HttpRequest post(URI uri, Map<String, String> headers, String form) {
        return new HttpRequest("POST", uri, headers, form);
    }

    HttpRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpRequest(method, uri, more, form);
    }

    HttpRequest at(URI other) {
        return new HttpRequest(method, other, headers, form);
    }

    @Override
    public String toString() {
        return method + " " + Origin.of(uri);
    }
}
