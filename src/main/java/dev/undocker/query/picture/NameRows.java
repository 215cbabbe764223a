package dev.undocker.query.picture;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.undocker.rootfs.RootfsPath;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Writes names as rows of one flat array, five numbers and strings each: the row of its directory,
/// its last name as printable text, its bytes of content, its layer, and a mark: 0 for a directory,
/// of other things whatever the page shows of them. Rows count from 0, the root's, which comes
/// first; every directory comes before its names.
final class NameRows {
    private final JsonGenerator json;
    private final Map<RootfsPath, Integer> directories = new HashMap<>();
    private int next;

    /// @param json stands inside of the array
    NameRows(JsonGenerator json) {
        this.json = json;
    }

    /// A directory that did not come yet.
    ///
    /// @return its row
    int directory(RootfsPath path, int layer) throws IOException {
        int row = write(path, 0, layer, 0);
        directories.put(path, row);
        return row;
    }

    /// Anything else; what is missing of its directories is made, without a layer.
    ///
    /// @param mark more than 0
    void name(RootfsPath path, long size, int layer, int mark) throws IOException {
        write(path, size, layer, mark);
    }

    private int write(RootfsPath path, long size, int layer, int mark) throws IOException {
        RootfsPath parent = path.parent();
        int above = parent == null ? 0 : rowOf(parent);
        json.writeNumber(above);
        json.writeString(RootfsPath.printable(path.name()));
        json.writeNumber(size);
        json.writeNumber(layer);
        json.writeNumber(mark);
        return next++;
    }

    private int rowOf(RootfsPath directory) throws IOException {
        Integer known = directories.get(directory);
        return known != null ? known : directory(directory, 0);
    }
}
