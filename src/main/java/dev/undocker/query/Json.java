package dev.undocker.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

import dev.undocker.JsonEscape;
import dev.undocker.image.BuildStep;
import dev.undocker.image.Digest;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// What all answers in JSON have in common. They are printable ASCII, so that text of an image
/// cannot reach a terminal raw.
public final class Json {
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .characterEscapes(new JsonEscape(JsonEscape.DELETE))
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .rootValueSeparator("")
                    .build();

    private Json() {}

    /// For one document in a line, or several: whoever ends one ends its line.
    ///
    /// @param out stays the caller's to close
    public static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out);
    }

    /// A path without a slash in front; `/` for the root.
    public static void path(JsonGenerator json, String field, @Nullable RootfsPath path)
            throws IOException {
        if (path == null) {
            json.writeNullField(field);
        } else {
            name(json, field, path.isRoot() ? new byte[] {'/'} : path.toBytes());
        }
    }

    /// A number of a layer; null for 0, which is none.
    public static void layer(JsonGenerator json, String field, int number) throws IOException {
        if (number == 0) {
            json.writeNullField(field);
        } else {
            json.writeNumberField(field, number);
        }
    }

    public static void texts(JsonGenerator json, String field, List<String> values)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    /// Into an object that has begun.
    public static void fields(JsonGenerator json, LayerOrigin layer) throws IOException {
        Digest digest = layer.digest();
        json.writeNumberField("number", layer.number());
        json.writeStringField("digest", digest == null ? null : digest.toString());
        json.writeStringField("diffId", layer.diffId().toString());
        BuildStep step = layer.step();
        if (step == null) {
            json.writeNullField("buildStep");
            return;
        }
        json.writeObjectFieldStart("buildStep");
        json.writeStringField("created", step.created());
        json.writeStringField("createdBy", step.createdBy());
        json.writeStringField("comment", step.comment());
        json.writeEndObject();
    }

    /// Bytes as text. What is no UTF-8 becomes U+FFFD there, and a second field `…Base64` has it
    /// exactly.
    public static void name(JsonGenerator json, String field, byte[] name) throws IOException {
        json.writeStringField(field, new String(name, StandardCharsets.UTF_8));
        if (!isText(name)) {
            json.writeStringField(field + "Base64", Base64.getEncoder().encodeToString(name));
        }
    }

    private static boolean isText(byte[] name) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /// One object for each path, so that each can have its bytes beside it.
    public static void paths(JsonGenerator json, String field, Iterable<RootfsPath> paths)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (RootfsPath path : paths) {
            json.writeStartObject();
            path(json, "path", path);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// @param content the digest of a regular file's content; null where nobody asked
    public static void inode(
            JsonGenerator json, String field, @Nullable Inode inode, @Nullable Digest content)
            throws IOException {
        if (inode == null) {
            json.writeNullField(field);
            return;
        }
        json.writeObjectFieldStart(field);
        fields(json, inode, content);
        json.writeEndObject();
    }

    /// The same into an object that has begun.
    public static void fields(JsonGenerator json, Inode inode, @Nullable Digest content)
            throws IOException {
        json.writeStringField("kind", kind(inode));
        switch (inode) {
            case Inode.RegularFile file -> json.writeNumberField("size", file.content().size());
            case Inode.Symlink link -> name(json, "target", link.target());
            case Inode.CharacterDevice device -> device(json, device.major(), device.minor());
            case Inode.BlockDevice device -> device(json, device.major(), device.minor());
            case Inode.Directory _, Inode.Fifo _ -> {
                // nothing more
            }
        }
        if (content != null) {
            json.writeStringField("digest", content.toString());
        }
        metadata(json, inode.metadata());
    }

    private static String kind(Inode inode) {
        return switch (inode) {
            case Inode.Directory _ -> "directory";
            case Inode.RegularFile _ -> "file";
            case Inode.Symlink _ -> "symlink";
            case Inode.CharacterDevice _ -> "character-device";
            case Inode.BlockDevice _ -> "block-device";
            case Inode.Fifo _ -> "fifo";
        };
    }

    private static void device(JsonGenerator json, int major, int minor) throws IOException {
        json.writeNumberField("major", major);
        json.writeNumberField("minor", minor);
    }

    private static void metadata(JsonGenerator json, Metadata metadata) throws IOException {
        json.writeStringField("mode", InodeText.mode(metadata));
        json.writeNumberField("uid", metadata.uid());
        json.writeNumberField("gid", metadata.gid());
        json.writeFieldName("mtime");
        json.writeNumber(
                BigDecimal.valueOf(metadata.mtimeSeconds())
                        .add(BigDecimal.valueOf(metadata.mtimeNanos(), 9))
                        .stripTrailingZeros()
                        .toPlainString());
        json.writeArrayFieldStart("xattrs");
        for (Xattr xattr : metadata.xattrs()) {
            json.writeStartObject();
            name(json, "name", xattr.name());
            json.writeBinaryField("value", xattr.value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
