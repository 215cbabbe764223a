package dev.undocker.query.list;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;

import dev.undocker.image.LayerBlob;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.PathLookup.Found;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// A listing in JSON, one object a line, as `docs/schema/ls.json` says. It is ASCII, so that text
/// of an image cannot reach a terminal raw.
public final class JsonLines {
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build()
                    .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private final MergedRootfs tree;
    private final List<LayerBlob> layers;
    private final boolean digests;
    private final OutputStream out;
    private final LinkCount links;

    /// @param layers of the image, base first
    /// @param digests adds those of the layer that put each name there
    /// @param out buffered; stays the caller's
    public JsonLines(MergedRootfs tree, List<LayerBlob> layers, boolean digests, OutputStream out) {
        this.tree = tree;
        this.layers = layers;
        this.digests = digests;
        this.out = out;
        links = new LinkCount(tree);
    }

    public void write(List<Section> sections) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
            for (Section section : sections) {
                for (Found entry : section.entries()) {
                    write(json, entry);
                }
            }
        }
        if (sections.stream().anyMatch(section -> !section.entries().isEmpty())) {
            out.write('\n');
        }
    }

    private void write(JsonGenerator json, Found entry) throws IOException {
        json.writeStartObject();
        path(json, "path", entry.path());
        json.writeStringField("kind", kind(entry.inode()));
        switch (entry.inode()) {
            case Inode.RegularFile file -> json.writeNumberField("size", file.content().size());
            case Inode.Symlink link -> bytes(json, "target", link.target());
            case Inode.CharacterDevice device -> device(json, device.major(), device.minor());
            case Inode.BlockDevice device -> device(json, device.major(), device.minor());
            case Inode.Directory _, Inode.Fifo _ -> {
                // nothing more
            }
        }
        metadata(json, entry.inode().metadata());
        json.writeNumberField("links", links.of(entry));
        RootfsPath first = links.first(entry);
        if (first != null) {
            path(json, "linkOf", first);
        }
        layer(json, tree.layer(entry.path()));
        json.writeEndObject();
    }

    /// Without a slash in front; `/` for the root.
    private static void path(JsonGenerator json, String field, RootfsPath path) throws IOException {
        bytes(json, field, path.isRoot() ? new byte[] {'/'} : path.toBytes());
    }

    /// Bytes as text. What is no UTF-8 becomes U+FFFD there, and a second field `…Base64` has all.
    private static void bytes(JsonGenerator json, String field, byte[] bytes) throws IOException {
        json.writeStringField(field, new String(bytes, StandardCharsets.UTF_8));
        if (!isText(bytes)) {
            json.writeStringField(field + "Base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    private static boolean isText(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
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
        String mode = Integer.toOctalString(metadata.mode());
        json.writeStringField("mode", "0".repeat(4 - mode.length()) + mode);
        json.writeNumberField("uid", metadata.uid());
        json.writeNumberField("gid", metadata.gid());
        json.writeFieldName("mtime");
        json.writeNumber(time(metadata));
        if (!metadata.xattrs().isEmpty()) {
            json.writeArrayFieldStart("xattrs");
            for (Xattr xattr : metadata.xattrs()) {
                json.writeStartObject();
                bytes(json, "name", xattr.name());
                json.writeBinaryField("value", xattr.value());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static String time(Metadata metadata) {
        return metadata.mtimeNanos() == 0
                ? Long.toString(metadata.mtimeSeconds())
                : BigDecimal.valueOf(metadata.mtimeSeconds())
                        .add(BigDecimal.valueOf(metadata.mtimeNanos(), 9))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private void layer(JsonGenerator json, int number) throws IOException {
        if (number == 0) {
            return;
        }
        json.writeNumberField("layer", number);
        if (digests) {
            LayerBlob blob = layers.get(number - 1);
            if (blob.digest() != null) {
                json.writeStringField("layerDigest", blob.digest().toString());
            }
            json.writeStringField("layerDiffId", blob.diffId().toString());
        }
    }
}
