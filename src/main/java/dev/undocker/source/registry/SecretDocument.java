package dev.undocker.source.registry;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

/// A JSON document with secrets in it: a complaint says where something is wrong and quotes
/// nothing, as a reader of JSON likes to do.
public final class SecretDocument {
    private SecretDocument() {}

    /// @param place names the document in messages
    public static JsonDocument parse(String place, byte[] bytes, Warnings warnings) {
        try {
            return JsonDocument.parse(place, bytes, warnings);
        } catch (UndockerException e) {
            // Without the cause, which quotes.
            throw new UndockerException(
                    "%s: not valid JSON, or a key stands in it twice%s"
                            .formatted(place, where(e.getCause())));
        }
    }

    private static String where(@Nullable Throwable cause) {
        JsonLocation location =
                cause instanceof JsonProcessingException failure ? failure.getLocation() : null;
        return location == null
                ? ""
                : ": line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }
}
