package dev.undocker.source;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.StoredBytes;
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
///
/// Keys are found as Go's encoding/json finds the fields of a struct, for which everyone else reads
/// these documents (<https://pkg.go.dev/encoding/json#Unmarshal>): the exact one, else one that
/// differs in case only, and that is said.
public final class JsonDocument {
    /// The largest document that is read, in bytes: what registries accept for a manifest.
    public static final int LIMIT = 4 << 20;

    private final String place;

    /// A map, list, string, number or boolean, or null.
    private final @Nullable Object value;

    private final FoldedKeys keys;

    private JsonDocument(String place, @Nullable Object value, FoldedKeys keys) {
        this.place = place;
        this.value = value;
        this.keys = keys;
    }

    /// The bytes of a document, which is small.
    ///
    /// @param place names the document in messages
    public static byte[] read(String place, StoredBytes file) {
        if (file.size() > LIMIT) {
            throw new UndockerException(
                    "%s: %d bytes, more than the %d that are read"
                            .formatted(place, file.size(), LIMIT));
        }
        int size = (int) file.size();
        try (InputStream in = file.open()) {
            byte[] bytes = in.readNBytes(size);
            if (bytes.length != size) {
                throw new UndockerException("%s: truncated".formatted(place));
            }
            if (in.read() >= 0) {
                throw new UndockerException(
                        "%s: more than the %d bytes that it should have".formatted(place, size));
            }
            return bytes;
        } catch (IOException e) {
            if (file.renew()) {
                return read(place, file);
            }
            throw UndockerException.because("%s: cannot be read".formatted(place), e);
        }
    }

    /// @param place names the document in messages
    /// @param warnings hears of keys in another case
    public static JsonDocument parse(String place, byte[] bytes, Warnings warnings) {
        try (JsonParser parser = JsonTree.parser(bytes)) {
            return of(place, parser, warnings);
        } catch (JsonProcessingException e) {
            throw new UndockerException("%s: %s".formatted(place, invalid(e)), e);
        } catch (IOException e) {
            throw new UndockerException("%s: not valid JSON".formatted(place), e);
        }
    }

    /// A document that is not written in JSON but says the same, such as TOML.
    ///
    /// @param parser stands before the first token; stays the caller's
    /// @throws IOException when the parser does
    public static JsonDocument of(String place, JsonParser parser, Warnings warnings)
            throws IOException {
        if (parser.nextToken() == null) {
            throw new UndockerException("%s: empty".formatted(place));
        }
        return new JsonDocument(place, JsonTree.read(parser), new FoldedKeys(place, warnings));
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

    /// True when there is a value of this name.
    public boolean has(String key) {
        return get(key) != null;
    }

    /// The value of `key`, null when there is none. This value must be an object.
    public @Nullable JsonDocument get(String key) {
        Map<?, ?> object = object();
        Object member = object.containsKey(key) ? object.get(key) : keys.find(key, object);
        return member == null ? null : new JsonDocument(place + ": " + key, member, keys);
    }

    /// A value that must be there.
    public JsonDocument require(String key) {
        JsonDocument member = get(key);
        if (member == null) {
            throw refuse("no " + key);
        }
        return member;
    }

    private Map<?, ?> object() {
        if (!(value instanceof Map<?, ?> object)) {
            throw refuse("not an object");
        }
        return object;
    }

    /// This value, an array, as its elements.
    public List<JsonDocument> elements() {
        if (!(value instanceof List<?> array)) {
            throw refuse("not an array");
        }
        List<JsonDocument> elements = new ArrayList<>(array.size());
        for (Object element : array) {
            elements.add(new JsonDocument(place + "[" + elements.size() + "]", element, keys));
        }
        return elements;
    }

    /// The elements of an array; none when it is not there.
    public List<JsonDocument> elements(String key) {
        JsonDocument member = get(key);
        return member == null ? List.of() : member.elements();
    }

    /// This value, a string. A null element of an array counts as an empty one, as Go reads it.
    public String string() {
        return switch (value) {
            case null -> "";
            case String text -> text;
            default -> throw refuse("not a string");
        };
    }

    /// A string; null when it is absent or empty.
    public @Nullable String string(String key) {
        JsonDocument member = get(key);
        String text = member == null ? "" : member.string();
        return text.isEmpty() ? null : text;
    }

    /// An array of strings; empty when it is not there.
    public List<String> strings(String key) {
        return elements(key).stream().map(JsonDocument::string).toList();
    }

    /// An array of strings, or one string instead of it, as Docker reads command lines.
    public List<String> words(String key) {
        JsonDocument member = get(key);
        return member != null && member.value instanceof String word ? List.of(word) : strings(key);
    }

    /// The keys of this value, an object, in their order, whatever they stand for.
    public List<String> keys() {
        return object().keySet().stream().map(String::valueOf).toList();
    }

    /// The keys of an object; empty when it is not there.
    public List<String> keys(String key) {
        JsonDocument member = get(key);
        return member == null ? List.of() : member.keys();
    }

    /// An object of strings in its order; empty when it is not there.
    public Map<String, String> stringMap(String key) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String name : keys(key)) {
            String text = require(key).string(name);
            map.put(name, text == null ? "" : text);
        }
        return map;
    }

    /// True or false; false when it is not there.
    public boolean flag(String key) {
        JsonDocument member = get(key);
        return switch (member == null ? null : member.value) {
            case null -> false;
            case Boolean flag -> flag;
            default -> throw require(key).refuse("neither true nor false");
        };
    }

    /// A number of bytes, which must be there.
    public long size(String key) {
        JsonDocument member = require(key);
        if (!(member.value instanceof Long size) || size < 0) {
            throw member.refuse("not a size");
        }
        return size;
    }

    /// This value, a digest.
    public Digest digest() {
        try {
            return Digest.parse(string());
        } catch (UndockerException e) {
            throw new UndockerException("%s: %s".formatted(place, e.sentence()), e);
        }
    }
}
