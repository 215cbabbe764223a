package dev.undocker.query.explain;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.undocker.merge.MergeEvent;
import dev.undocker.query.Json;
import dev.undocker.query.LayerOrigin;
import dev.undocker.query.explain.Explanation.Account;
import dev.undocker.query.explain.Explanation.Onward;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// Explanations for programs, by `docs/schema/explain.json`.
public final class ExplanationJson {
    private final JsonGenerator json;

    private ExplanationJson(JsonGenerator json) {
        this.json = json;
    }

    /// One document in one line.
    ///
    /// @param layers base first
    public static byte[] of(Explanation explanation, List<LayerOrigin> layers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.generator(bytes)) {
            json.writeStartObject();
            ExplanationJson writer = new ExplanationJson(json);
            writer.write(explanation);
            writer.write(layers);
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    private void write(Explanation explanation) throws IOException {
        Json.path(json, "path", explanation.path());
        json.writeBooleanField("present", explanation.isPresent());
        write(explanation.verdict());
        write("way", explanation.way());
        json.writeArrayFieldStart("accounts");
        for (Account account : explanation.accounts()) {
            json.writeStartObject();
            Json.path(json, "path", account.path());
            json.writeArrayFieldStart("events");
            for (MergeEvent event : account.events()) {
                write(event);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        write(explanation.onward());
    }

    private void write(@Nullable Onward onward) throws IOException {
        if (onward == null) {
            json.writeNullField("onward");
            return;
        }
        json.writeObjectFieldStart("onward");
        write("way", onward.way());
        if (onward.end() == null) {
            json.writeNullField("end");
        } else {
            json.writeObjectFieldStart("end");
            write(onward.end());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void write(Verdict verdict) throws IOException {
        switch (verdict) {
            case Verdict.Present present -> {
                Verdict.Outlived outlived = present.outlived();
                json.writeStringField("reason", present.implied() ? "implied" : "present");
                Json.path(json, "place", present.place());
                Json.layer(json, "layer", present.layer());
                Json.layer(json, "madeBy", present.madeBy());
                Json.inode(json, "inode", present.inode(), null);
                Json.paths(json, "otherNames", present.otherNames());
                Json.path(json, "outlived", outlived == null ? null : outlived.target());
            }
            case Verdict.Gone gone -> {
                MergeEvent replacement = gone.replacement();
                json.writeStringField("reason", word(gone.gone().cause()));
                Json.layer(json, "layer", gone.gone().layer());
                Json.path(json, "at", gone.gone().at());
                Json.inode(
                        json,
                        "replacement",
                        replacement == null ? null : replacement.inode(),
                        null);
                Json.paths(json, "otherNames", gone.otherNames());
            }
            case Verdict.Unreachable(Way.Obstacle obstacle) ->
                    json.writeStringField("reason", word(obstacle));
            case Verdict.Never never -> {
                json.writeStringField("reason", "never");
                Json.path(json, "directory", never.directory());
                Json.paths(json, "similar", never.similar());
            }
        }
    }

    private static String word(MergeEvent.Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String word(Way.Obstacle obstacle) {
        return obstacle.isLoop() ? "loop" : "no-directory";
    }

    private void write(String field, Way way) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeArrayFieldStart("links");
        for (Way.Link link : way.links()) {
            json.writeStartObject();
            Json.path(json, "path", link.path());
            Json.name(json, "target", link.target());
            json.writeNumberField("layer", link.layer());
            json.writeEndObject();
        }
        json.writeEndArray();
        Json.path(json, "end", way.end());
        Way.Obstacle obstacle = way.obstacle();
        if (obstacle == null) {
            json.writeNullField("obstacle");
        } else {
            json.writeObjectFieldStart("obstacle");
            json.writeStringField("reason", word(obstacle));
            Json.path(json, "path", obstacle.path());
            Json.layer(json, "layer", obstacle.layer());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void write(MergeEvent event) throws IOException {
        json.writeStartObject();
        json.writeNumberField("layer", event.layer());
        switch (event) {
            case MergeEvent.Added added -> {
                json.writeStringField("event", "added");
                Json.path(json, "member", added.member());
            }
            case MergeEvent.Linked linked -> {
                json.writeStringField("event", "linked");
                Json.path(json, "member", linked.member());
                Json.path(json, "target", linked.target());
            }
            case MergeEvent.Implied implied -> {
                json.writeStringField("event", "implied");
                Json.path(json, "member", implied.member());
            }
            case MergeEvent.Updated updated -> {
                json.writeStringField("event", "updated");
                Json.layer(json, "by", updated.by());
            }
            case MergeEvent.Removed removed -> {
                json.writeStringField("event", "removed");
                json.writeStringField("cause", word(removed.cause()));
                Json.path(json, "at", removed.at());
                json.writeNumberField("of", removed.of());
            }
        }
        Json.inode(json, "inode", event.inode(), null);
        json.writeEndObject();
    }

    private void write(List<LayerOrigin> layers) throws IOException {
        json.writeArrayFieldStart("layers");
        for (LayerOrigin layer : layers) {
            json.writeStartObject();
            Json.fields(json, layer);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
