package dev.undocker.runtime.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

import dev.undocker.JsonEscape;
import dev.undocker.image.ImageConfig;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// What an image says of its process, ports, volumes and labels, as the object `config` of an OCI
/// image configuration says it (image-spec `config.md`). What the image does not say is left out,
/// as there; nothing is looked up in its files.
public final class ProcessJson {
    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .characterEscapes(new JsonEscape(JsonEscape.DELETE))
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build();

    private final JsonGenerator json;

    private ProcessJson(JsonGenerator json) {
        this.json = json;
    }

    /// One line, the same bytes for the same image.
    public static byte[] of(ImageConfig image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            new ProcessJson(json).write(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private void write(ImageConfig image) throws IOException {
        ImageConfig.Process process = image.process();
        json.writeStartObject();
        string("User", process.user());
        set("ExposedPorts", image.exposedPorts());
        strings("Env", process.env());
        strings("Entrypoint", process.entrypoint());
        strings("Cmd", process.cmd());
        set("Volumes", image.volumes());
        string("WorkingDir", process.workingDir());
        if (!image.labels().isEmpty()) {
            json.writeObjectFieldStart("Labels");
            for (var label : image.labels().entrySet()) {
                json.writeStringField(label.getKey(), label.getValue());
            }
            json.writeEndObject();
        }
        String signal = process.stopSignal();
        string("StopSignal", signal == null ? "" : signal);
        json.writeEndObject();
    }

    private void string(String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    private void strings(String name, List<String> values) throws IOException {
        if (!values.isEmpty()) {
            json.writeArrayFieldStart(name);
            for (String value : values) {
                json.writeString(value);
            }
            json.writeEndArray();
        }
    }

    /// An object whose values are empty objects: a set, as Go writes it.
    private void set(String name, List<String> members) throws IOException {
        if (!members.isEmpty()) {
            json.writeObjectFieldStart(name);
            for (String member : members) {
                json.writeObjectFieldStart(member);
                json.writeEndObject();
            }
            json.writeEndObject();
        }
    }
}
