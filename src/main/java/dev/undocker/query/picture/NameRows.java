package dev.undocker.query.picture;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.undocker.rootfs.RootfsPath;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes names as rows of one flat array, five numbers and strings each: the row of its directory,
/// its last name as printable text in which blanks can be told from nothing, its bytes of content,
/// its layer, and a mark: 0 for a directory, of other things whatever the page shows of them. Rows
/// count from 0, the root's, which comes first; every directory comes before its names.
final class NameRows {
    /// Blanks at an end of a name, and those that only look like a space.
    private static final Pattern UNSEEN = Pattern.compile("^ +| +$|[\\p{Zs}&&[^ ]]");

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
        json.writeString(shown(path));
        json.writeNumber(size);
        json.writeNumber(layer);
        json.writeNumber(mark);
        return next++;
    }

    private static String shown(RootfsPath path) {
        return UNSEEN.matcher(RootfsPath.printable(path.name()))
                .replaceAll(blanks -> Matcher.quoteReplacement(escaped(blanks.group())));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            escaped.append("\\x").append(HexFormat.of().toHexDigits(b));
        }
        return escaped.toString();
    }

    private int rowOf(RootfsPath directory) throws IOException {
        Integer known = directories.get(directory);
        return known != null ? known : directory(directory, 0);
    }
}
