package dev.undocker.query.picture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

import dev.undocker.JsonEscape;
import dev.undocker.image.Digest;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.ShownLine;
import dev.undocker.query.Wasted;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// A page that shows an image as a treemap: the names of its root file system by layer, and what
/// layers carry in vain. One HTML file in UTF-8 that loads nothing.
///
/// Its data is an object with `name`, `facts` (pairs), `layers`, and the two trees `kept` and
/// `wasted` ([NameRows]). All text may be as the image says it; what is not printable is written as
/// [ShownLine] does.
///
/// @param name of the image, for people
/// @param facts what else is said of the image, in this order
/// @param layers base first
public record ImagePicture(String name, Map<String, String> facts, List<Layer> layers) {
    /// What the page shows of names that are no directories.
    private static final int REGULAR_FILE = 1;

    private static final int HARD_LINK = 2;
    private static final int SYMLINK = 3;
    private static final int CHARACTER_DEVICE = 4;
    private static final int BLOCK_DEVICE = 5;
    private static final int FIFO = 6;

    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    // without it nothing in HTML's `script` ends the element or begins a comment:
                    // https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
                    .characterEscapes(new JsonEscape('<'))
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build();

    /// @param digest that names the layer
    /// @param step what made it; null when the image does not say
    /// @param stored its bytes as they are stored
    public record Layer(Digest digest, @Nullable String step, long stored) {}

    /// Writes the page.
    ///
    /// @param wasted read once; a path may come several times
    /// @param out stays the caller's to close
    public void write(MergedRootfs tree, Iterable<Wasted> wasted, OutputStream out)
            throws IOException {
        Page page = Page.load();
        out.write(page.beforeData());
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("name", ShownLine.of(name));
            writeFacts(json);
            writeLayers(json);
            writeKept(json, tree);
            writeWasted(json, wasted);
            json.writeEndObject();
        }
        out.write(page.afterData());
    }

    private void writeFacts(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("facts");
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            json.writeStartArray();
            json.writeString(ShownLine.of(fact.getKey()));
            json.writeString(ShownLine.of(fact.getValue()));
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private void writeLayers(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("layers");
        for (Layer layer : layers) {
            json.writeStartObject();
            json.writeStringField("digest", layer.digest().toString());
            if (layer.step() != null) {
                json.writeStringField("step", ShownLine.of(layer.step()));
            }
            json.writeNumberField("stored", layer.stored());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeKept(JsonGenerator json, MergedRootfs tree) throws IOException {
        json.writeArrayFieldStart("kept");
        NameRows rows = new NameRows(json);
        for (RootfsEntry entry : tree.plan(path -> true, OptionalLong.empty())) {
            RootfsPath path = entry.path();
            int layer = tree.layer(path);
            switch (entry) {
                case RootfsEntry.HardLink _ -> rows.name(path, 0, layer, HARD_LINK);
                case RootfsEntry.Node(_, Inode inode) -> {
                    switch (inode) {
                        case Inode.Directory _ -> rows.directory(path, layer);
                        case Inode.RegularFile(_, Content content) ->
                                rows.name(path, content.dataSize(), layer, REGULAR_FILE);
                        case Inode.Symlink _ -> rows.name(path, 0, layer, SYMLINK);
                        case Inode.CharacterDevice _ -> rows.name(path, 0, layer, CHARACTER_DEVICE);
                        case Inode.BlockDevice _ -> rows.name(path, 0, layer, BLOCK_DEVICE);
                        case Inode.Fifo _ -> rows.name(path, 0, layer, FIFO);
                    }
                }
            }
        }
        json.writeEndArray();
    }

    private static void writeWasted(JsonGenerator json, Iterable<Wasted> wasted)
            throws IOException {
        json.writeArrayFieldStart("wasted");
        NameRows rows = new NameRows(json);
        rows.directory(RootfsPath.ROOT, 0);
        for (Wasted file : wasted) {
            if (file.size() > 0) {
                rows.name(file.path(), file.size(), file.layer(), file.hiddenBy());
            }
        }
        json.writeEndArray();
    }
}
