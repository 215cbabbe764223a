package dev.undocker.query;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

import dev.undocker.image.Healthcheck;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.PlatformImage;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/// What is known of an image as JSON, for programs: `docs/schema/inspect.json` and
/// `docs/schema/platforms.json` say what the keys mean. Keys come always and in one order; what is
/// not known is null.
public final class ReportJson {
    private final JsonGenerator json;

    private ReportJson(JsonGenerator json) {
        this.json = json;
    }

    /// What writes one of the documents.
    private interface Writing {
        void write(ReportJson to) throws IOException;
    }

    /// One document and a line end.
    public static byte[] of(ImageReport report) {
        return document(to -> to.write(report));
    }

    /// The same of the images that an index lists.
    public static byte[] of(List<PlatformImage> images) {
        return document(to -> to.write(images));
    }

    private static byte[] document(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                        Separators.createDefaultInstance()
                                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                                .withObjectEmptySeparator("")
                                .withArrayEmptySeparator(""));
        printer.indentArraysWith(indenter);
        printer.indentObjectsWith(indenter);
        try (JsonGenerator json = Json.generator(bytes).setPrettyPrinter(printer)) {
            writing.write(new ReportJson(json));
        } catch (IOException e) {
            // there is only memory
            throw new UncheckedIOException(e);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private void write(ImageReport report) throws IOException {
        ImageConfig config = report.config();
        json.writeStartObject();
        text("name", report.name());
        text("manifestDigest", report.manifest());
        text("imageId", report.id());
        text("platform", config.platform());
        text("created", config.created());
        text("author", config.author());
        process(config.process());
        Json.texts(json, "exposedPorts", config.exposedPorts());
        Json.texts(json, "volumes", config.volumes());
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : config.labels().entrySet()) {
            text(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        healthcheck(report.healthcheck());
        json.writeArrayFieldStart("layers");
        for (ImageReport.Layer layer : report.layers()) {
            layer(layer);
        }
        json.writeEndArray();
        totals(report);
        outputs(report.outputs());
        json.writeEndObject();
    }

    private void process(ImageConfig.Process process) throws IOException {
        json.writeObjectFieldStart("process");
        Json.texts(json, "entrypoint", process.entrypoint());
        Json.texts(json, "command", process.cmd());
        Json.texts(json, "environment", process.env());
        text("user", process.user());
        text("workingDirectory", process.workingDir());
        text("stopSignal", process.stopSignal());
        json.writeEndObject();
    }

    private void healthcheck(@Nullable Healthcheck check) throws IOException {
        if (check == null) {
            json.writeNullField("healthcheck");
            return;
        }
        json.writeObjectFieldStart("healthcheck");
        Json.texts(json, "test", check.test());
        json.writeNumberField("intervalNanos", check.intervalNanos());
        json.writeNumberField("timeoutNanos", check.timeoutNanos());
        json.writeNumberField("startPeriodNanos", check.startPeriodNanos());
        json.writeNumberField("retries", check.retries());
        json.writeEndObject();
    }

    private void layer(ImageReport.Layer layer) throws IOException {
        LayerLedger.Sums sums = layer.sums();
        json.writeStartObject();
        Json.fields(json, layer.origin());
        json.writeNumberField("storedBytes", layer.stored());
        number("contentBytes", sums == null ? null : sums.bytes());
        number("wastedBytes", sums == null ? null : sums.wasted());
        number("added", sums == null ? null : sums.added());
        number("changed", sums == null ? null : sums.changed());
        number("hidden", sums == null ? null : sums.hidden());
        json.writeEndObject();
    }

    private void totals(ImageReport report) throws IOException {
        ImageReport.Totals totals = report.totals();
        json.writeObjectFieldStart("totals");
        json.writeNumberField("storedBytes", report.stored());
        number("contentBytes", totals == null ? null : totals.bytes());
        number("wastedBytes", totals == null ? null : totals.wasted());
        number("entries", totals == null ? null : totals.entries());
        json.writeEndObject();
    }

    private void outputs(@Nullable List<OutputLimits> outputs) throws IOException {
        if (outputs == null) {
            json.writeNullField("outputs");
            return;
        }
        json.writeArrayFieldStart("outputs");
        for (OutputLimits output : outputs) {
            json.writeStartObject();
            text("output", output.output());
            json.writeBooleanField("filesOnly", output.isFilesOnly());
            Json.texts(json, "cannotCarry", output.sentences());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void write(List<PlatformImage> images) throws IOException {
        json.writeStartArray();
        for (PlatformImage image : images) {
            json.writeStartObject();
            text("platform", image.platform());
            text("manifestDigest", image.digest());
            number("storedBytes", image.size().isPresent() ? image.size().getAsLong() : null);
            text("name", image.name());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void text(String key, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNullField(key);
        } else {
            json.writeStringField(key, value.toString());
        }
    }

    private void number(String key, @Nullable Long value) throws IOException {
        if (value == null) {
            json.writeNullField(key);
        } else {
            json.writeNumberField(key, value);
        }
    }
}
