package dev.undocker.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;

import dev.undocker.UndockerException;
import dev.undocker.content.FileSlice;
import dev.undocker.image.Digest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A value of an untrusted JSON document together with the place where it stands, so that every
/// complaint names it. A key that is absent and one whose value is null mean the same; a value of
/// another type than asked for is refused, and so are documents with a key twice, which readers
/// understand differently.
public final class JsonDocument {
    /// The largest document that is read, in bytes: what registries accept for a manifest.
    public static final int LIMIT = 4 << 20;

    private final String place;
    private final JsonNode node;

    private JsonDocument(String place, JsonNode node) {
        this.place = place;
        this.node = node;
    }

    /// Made when the first document is read: Jackson costs start-up time.
    private static final class Reader {
        static final ObjectReader TREE =
                new ObjectMapper(
                                JsonFactory.builder()
                                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                        .build())
                        .reader()
                        .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /// The bytes of a document, which is small.
    ///
    /// @param place names the document in messages
    public static byte[] read(String place, FileSlice file) {
        if (file.length() > LIMIT) {
            throw new UndockerException(
                    "%s: %d bytes, more than the %d that are read"
                            .formatted(place, file.length(), LIMIT));
        }
        try (InputStream in = file.stream()) {
            byte[] bytes = in.readAllBytes();
            if (bytes.length != file.length()) {
                throw new UndockerException("%s: truncated".formatted(place));
            }
            return bytes;
        } catch (IOException e) {
            throw UndockerException.because("%s: cannot be read".formatted(place), e);
        }
    }

    /// @param place names the document in messages
    public static JsonDocument parse(String place, byte[] bytes) {
        try {
            JsonNode node = Reader.TREE.readTree(bytes);
            if (node == null || node.isMissingNode()) {
                throw new UndockerException("%s: empty".formatted(place));
            }
            return new JsonDocument(place, node);
        } catch (JsonProcessingException e) {
            throw new UndockerException("%s: %s".formatted(place, invalid(e)), e);
        } catch (IOException e) {
            throw new UndockerException("%s: not valid JSON".formatted(place), e);
        }
    }

    /// What is wrong, and where, without Jackson's remarks about its source.
    private static String invalid(JsonProcessingException failure) {
        String message = failure.getOriginalMessage();
        int remark = message.indexOf(" (start marker");
        String reason = remark < 0 ? message : message.substring(0, remark);
        JsonLocation location = failure.getLocation();
        return location == null
                ? "not valid JSON: " + reason
                : "not valid JSON: line %d, column %d: %s"
                        .formatted(location.getLineNr(), location.getColumnNr(), reason);
    }

    /// The failure to throw for this value.
    public UndockerException refuse(String reason) {
        return new UndockerException("%s: %s".formatted(place, reason));
    }

    /// The value of `key`, null when there is none. This value must be an object.
    public @Nullable JsonDocument get(String key) {
        if (!node.isObject()) {
            throw refuse("not an object");
        }
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : new JsonDocument(place + ": " + key, value);
    }

    /// An object that must be there.
    public JsonDocument require(String key) {
        JsonDocument value = get(key);
        if (value == null) {
            throw refuse("no " + key);
        }
        return value;
    }

    /// This value, an array, as its elements.
    public List<JsonDocument> elements() {
        if (!node.isArray()) {
            throw refuse("not an array");
        }
        List<JsonDocument> elements = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            elements.add(new JsonDocument(place + "[" + i + "]", node.get(i)));
        }
        return elements;
    }

    /// The elements of an array; none when it is not there.
    public List<JsonDocument> elements(String key) {
        JsonDocument value = get(key);
        return value == null ? List.of() : value.elements();
    }

    /// This value, a string. A null element of an array counts as an empty one, as Go reads it.
    public String string() {
        if (node.isNull()) {
            return "";
        }
        if (!node.isTextual()) {
            throw refuse("not a string");
        }
        return node.textValue();
    }

    /// A string; null when it is absent or empty.
    public @Nullable String string(String key) {
        JsonDocument value = get(key);
        String text = value == null ? "" : value.string();
        return text.isEmpty() ? null : text;
    }

    /// An array of strings; empty when it is not there.
    public List<String> strings(String key) {
        return elements(key).stream().map(JsonDocument::string).toList();
    }

    /// An array of strings, or one string instead of it, as Docker reads command lines.
    public List<String> words(String key) {
        JsonDocument value = get(key);
        return value != null && value.node.isTextual() ? List.of(value.string()) : strings(key);
    }

    /// The keys of an object in their order, whatever they stand for; empty when it is not there.
    public List<String> keys(String key) {
        JsonDocument value = get(key);
        if (value == null) {
            return List.of();
        }
        if (!value.node.isObject()) {
            throw value.refuse("not an object");
        }
        List<String> keys = new ArrayList<>();
        value.node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /// An object of strings in its order; empty when it is not there.
    public Map<String, String> stringMap(String key) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String name : keys(key)) {
            JsonDocument value = require(key).get(name);
            map.put(name, value == null ? "" : value.string());
        }
        return map;
    }

    /// A number of bytes, which must be there.
    public long size(String key) {
        JsonDocument value = require(key);
        if (!value.node.isIntegralNumber()
                || !value.node.canConvertToLong()
                || value.node.longValue() < 0) {
            throw value.refuse("not a size");
        }
        return value.node.longValue();
    }

    /// This value, a digest.
    public Digest digest() {
        try {
            return Digest.parse(string());
        } catch (UndockerException e) {
            throw new UndockerException("%s: %s".formatted(place, e.sentence()), e);
        }
    }

    /// True when there is a value of this name.
    public boolean has(String key) {
        return get(key) != null;
    }
}
