package dev.undocker.query.diff;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.undocker.image.Digest;
import dev.undocker.query.Change;
import dev.undocker.query.Json;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/// Differences for programs, an object each, by `docs/schema/diff.json`.
public final class DifferenceJson {
    private final ContentComparison contents = new ContentComparison();

    /// One object in one line. Files whose contents differ are read once more, for their digests.
    public byte[] line(Difference difference) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.generator(bytes)) {
            json.writeStartObject();
            json.writeStringField("change", word(difference));
            Json.path(json, "path", difference.path());
            switch (difference) {
                case Difference.Added(RootfsPath _, Inode inode, boolean _) ->
                        Json.inode(json, "after", inode, null);
                case Difference.Deleted(RootfsPath _, Inode inode, boolean _) ->
                        Json.inode(json, "before", inode, null);
                case Difference.Changed changed -> write(json, changed);
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    /// One object in one line.
    public static byte[] line(ConfigChange change) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.generator(bytes)) {
            json.writeStartObject();
            json.writeStringField("change", "config");
            json.writeStringField("key", change.key());
            Json.texts(json, "valuesBefore", change.before());
            Json.texts(json, "valuesAfter", change.after());
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    private static String word(Difference difference) {
        return switch (difference) {
            case Difference.Added _ -> "added";
            case Difference.Deleted _ -> "deleted";
            case Difference.Changed _ -> "changed";
        };
    }

    private void write(JsonGenerator json, Difference.Changed changed) throws IOException {
        List<Change> changes = changed.changes();
        json.writeArrayFieldStart("differences");
        for (Change change : changes) {
            write(json, change);
        }
        json.writeEndArray();
        boolean read =
                changes.stream()
                        .anyMatch(change ->
                                change instanceof Change.Content || change instanceof Change.Size);
        Json.inode(json, "before", changed.before(), read ? digest(changed.before()) : null);
        Json.inode(json, "after", changed.after(), read ? digest(changed.after()) : null);
    }

    private @Nullable Digest digest(Inode inode) {
        return inode instanceof Inode.RegularFile file ? contents.digest(file.content()) : null;
    }

    private static void write(JsonGenerator json, Change change) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", word(change));
        switch (change) {
            case Change.Attribute attribute -> Json.name(json, "name", attribute.name());
            case Change.Links links -> {
                Json.paths(json, "before", links.before());
                Json.paths(json, "after", links.after());
            }
            case Change.Kind _,
                    Change.Mode _,
                    Change.Owner _,
                    Change.Size _,
                    Change.Content _,
                    Change.Target _,
                    Change.Device _,
                    Change.Time _ -> {
                // the inodes say it
            }
        }
        json.writeEndObject();
    }

    private static String word(Change change) {
        return switch (change) {
            case Change.Kind _ -> "kind";
            case Change.Mode _ -> "mode";
            case Change.Owner _ -> "owner";
            case Change.Size _ -> "size";
            case Change.Content _ -> "content";
            case Change.Target _ -> "target";
            case Change.Device _ -> "device";
            case Change.Attribute _ -> "xattr";
            case Change.Links _ -> "links";
            case Change.Time _ -> "time";
        };
    }
}
