package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.UndockerException;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.list.JsonLines;
import dev.undocker.query.list.Selection;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `ls --json` says of random layer stacks is what [Oracle] says, and as the schema has it.
class JsonLinesModelTest {
    private static final int STACKS = 500;
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    @Test
    void linesAndOracleAgree() throws IOException {
        int compared = 0;
        for (long seed = 0; seed < STACKS; seed++) {
            List<LayerBuilder> layers = LayerStacks.of(seed);
            String expected;
            try {
                expected = Oracle.flatten(layers).toString();
            } catch (Oracle.Refused | Oracle.Unspecified e) {
                continue;
            }
            List<byte[]> tars = layers.stream().map(LayerBuilder::toBytes).toList();
            try (Flatten flatten = Flatten.ofNames(tars, event -> {})) {
                MergedRootfs tree = flatten.rootfs().tree();
                List<JsonNode> lines = lines(tree);
                lines.forEach(line -> JsonSchemas.check("ls.json", line.toString()));
                assertThat(listing(lines, tree).toString()).as("seed %d", seed).isEqualTo(expected);
            }
            compared++;
        }
        assertThat(compared).isGreaterThan(STACKS / 2);
    }

    private static List<JsonNode> lines(MergedRootfs tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonLines(tree, List.of(), false, out)
                .write(
                        new Selection(tree, Selection.Depth.ALL)
                                .sections(
                                        List.of(),
                                        failure -> {
                                            throw new UndockerException("", failure);
                                        }));
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString(UTF_8).split("\n")) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static Listing listing(List<JsonNode> lines, MergedRootfs tree) throws IOException {
        Map<String, Listing.Shown> inodes = new HashMap<>();
        Map<String, Integer> names = new HashMap<>();
        for (JsonNode line : lines) {
            if (!line.has("linkOf")) {
                inodes.put(line.get("path").asText(), shown(line, tree));
            }
            names.merge(first(line), 1, Integer::sum);
        }
        Listing listing = new Listing();
        for (JsonNode line : lines) {
            listing.add(RootfsPath.of(bytes(line, "path")), inodes.get(first(line)));
            if (!line.get("kind").asText().equals("directory")) {
                assertThat(line.get("links").asInt()).isEqualTo(names.get(first(line)));
            }
        }
        return listing;
    }

    private static String first(JsonNode line) {
        return line.get(line.has("linkOf") ? "linkOf" : "path").asText();
    }

    /// Content is no matter of the line, but its size is.
    private static Listing.Shown shown(JsonNode line, MergedRootfs tree) throws IOException {
        Metadata metadata = metadata(line);
        return switch (line.get("kind").asText()) {
            case "directory" -> Listing.shown('d', "", metadata);
            case "fifo" -> Listing.shown('p', "", metadata);
            case "character-device" -> Listing.shown('c', device(line), metadata);
            case "block-device" -> Listing.shown('b', device(line), metadata);
            case "symlink" ->
                    Listing.shown(
                            'l', " -> " + RootfsPath.printable(bytes(line, "target")), metadata);
            default -> {
                Inode.RegularFile file =
                        (Inode.RegularFile) tree.lookup(RootfsPath.of(bytes(line, "path")));
                byte[] content = file.content().stream().readAllBytes();
                assertThat(line.get("size").asLong()).isEqualTo(content.length);
                yield Listing.shown('f', " " + Listing.quoted(content), metadata);
            }
        };
    }

    private static String device(JsonNode line) {
        return " " + line.get("major").asInt() + ":" + line.get("minor").asInt();
    }

    private static Metadata metadata(JsonNode line) throws IOException {
        BigDecimal time = new BigDecimal(line.get("mtime").asText());
        BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
        List<Xattr> xattrs = new ArrayList<>();
        for (JsonNode xattr : line.path("xattrs")) {
            xattrs.add(new Xattr(bytes(xattr, "name"), xattr.get("value").binaryValue()));
        }
        return new Metadata(
                Integer.parseInt(line.get("mode").asText(), 8),
                line.get("uid").asLong(),
                line.get("gid").asLong(),
                seconds.longValueExact(),
                time.subtract(seconds).movePointRight(9).intValueExact(),
                xattrs);
    }

    private static byte[] bytes(JsonNode line, String field) {
        return line.has(field + "Base64")
                ? Base64.getDecoder().decode(line.get(field + "Base64").asText())
                : line.get(field).asText().getBytes(UTF_8);
    }
}
