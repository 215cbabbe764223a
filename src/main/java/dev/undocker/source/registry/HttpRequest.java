package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a web server is asked.
///
/// @param headers may hold secrets, which never reach a message
/// @param form posted as `application/x-www-form-urlencoded`; null for a GET
record HttpRequest(URI uri, Map<String, String> headers, @Nullable String form) {
    HttpRequest {
        headers = Map.copyOf(headers);
    }

    static HttpRequest get(URI uri, Map<String, String> headers) {
        return new HttpRequest(uri, headers, null);
    }

    HttpRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpRequest(uri, more, form);
    }

    HttpRequest at(URI other) {
        return new HttpRequest(other, headers, form);
    }

    @Override
    public String toString() {
        return (form == null ? "GET " : "POST ") + uri.getScheme() + "://" + uri.getAuthority();
    }
}
