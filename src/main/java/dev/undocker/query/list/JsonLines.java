package dev.undocker.query.list;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.undocker.image.LayerBlob;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.Json;
import dev.undocker.query.PathLookup.Found;
import dev.undocker.rootfs.RootfsPath;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// A listing in JSON, one object a line, as `docs/schema/ls.json` says.
public final class JsonLines {
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
        try (JsonGenerator json = Json.generator(out)) {
            for (Section section : sections) {
                for (Found entry : section.entries()) {
                    write(json, entry);
                }
            }
        }
    }

    private void write(JsonGenerator json, Found entry) throws IOException {
        json.writeStartObject();
        Json.path(json, "path", entry.path());
        Json.fields(json, entry.inode(), null);
        json.writeNumberField("links", links.of(entry));
        RootfsPath first = links.first(entry);
        if (first != null) {
            Json.path(json, "linkOf", first);
        }
        layer(json, tree.layer(entry.path()));
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private void layer(JsonGenerator json, int number) throws IOException {
        Json.layer(json, "layer", number);
        if (digests && number > 0) {
            LayerBlob blob = layers.get(number - 1);
            if (blob.digest() != null) {
                json.writeStringField("layerDigest", blob.digest().toString());
            }
            json.writeStringField("layerDiffId", blob.diffId().toString());
        }
    }
}
