package dev.undocker.query.picture;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.query.Wasted;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.HostileText;
import dev.undocker.testing.LayerBuilder;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What stands in the page: the data, and that nothing in it is taken for anything else.
class ImagePictureTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">([^<]*)</script>");

    private static JsonNode data(String page) throws IOException {
        Matcher matcher = DATA.matcher(page);
        assertThat(matcher.find()).isTrue();
        return new ObjectMapper().readTree(matcher.group(1));
    }

    private static JsonNode data(PictureFile picture, LayerBuilder... layers) throws IOException {
        return data(new String(picture.of(List.of(layers)), UTF_8));
    }

    /// Each row as its path, bytes, layer and mark.
    private static List<String> rows(JsonNode values) {
        List<String> paths = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int at = 0; at < values.size(); at += 5) {
            int parent = values.get(at).intValue();
            String name = values.get(at + 1).textValue();
            paths.add(paths.isEmpty() ? "" : paths.get(parent) + "/" + name);
            rows.add(
                    "%s %d %d %d"
                            .formatted(
                                    paths.getLast(),
                                    values.get(at + 2).longValue(),
                                    values.get(at + 3).intValue(),
                                    values.get(at + 4).intValue()));
        }
        return rows;
    }

    @Test
    void blanksThatNobodyWouldSeeAreEscaped() throws IOException {
        JsonNode data =
                data(
                        PictureFile.PLAIN,
                        layer().file(" a ", "1").file("b\u00c2\u00a0c", "22").file("d e", "333"));
        assertThat(rows(data.get("kept")))
                .contains("/\\x20a\\x20 1 1 1", "/b\\xc2\\xa0c 2 1 1", "/d e 3 1 1");
    }

    @Test
    void namesWithTheirBytesLayerAndKind() throws IOException {
        JsonNode data =
                data(
                        PictureFile.PLAIN,
                        layer().dir("etc/")
                                .file("etc/passwd", "root")
                                .symlink("link", "etc")
                                .fifo("pipe")
                                .charDevice("null", 1, 3)
                                .blockDevice("disk", 8, 0),
                        layer().file("etc/group", "wheel:0").hardLink("etc/again", "etc/group"));
        assertThat(rows(data.get("kept")))
                .containsExactlyInAnyOrder(
                        " 0 0 0",
                        "/etc 0 1 0",
                        "/etc/passwd 4 1 1",
                        "/etc/group 7 2 1",
                        "/etc/again 0 2 2",
                        "/link 0 1 3",
                        "/null 0 1 4",
                        "/disk 0 1 5",
                        "/pipe 0 1 6");
        assertThat(rows(data.get("wasted"))).containsExactly(" 0 0 0");
    }

    @Test
    void wastedFilesInDirectoriesThatMayBeGone() throws IOException {
        RootfsPath path = RootfsPath.of("var/cache/index");
        List<Wasted> wasted =
                List.of(
                        new Wasted(path, 10, 1, 2),
                        new Wasted(path, 20, 2, 3),
                        new Wasted(RootfsPath.of("var/empty"), 0, 1, 2));
        JsonNode data =
                data(new PictureFile("test", Map.of(), List.of(), wasted), layer(), layer());
        assertThat(rows(data.get("wasted")))
                .containsExactly(
                        " 0 0 0",
                        "/var 0 0 0",
                        "/var/cache 0 0 0",
                        "/var/cache/index 10 1 2",
                        "/var/cache/index 20 2 3");
    }

    @Test
    void whatIsSaidOfTheImageAndItsLayers() throws IOException {
        JsonNode data =
                data(
                        new PictureFile(
                                "debian:12",
                                Map.of("Platform", "linux/amd64"),
                                List.of("RUN set -eux; \\\n\tapt-get  update\n"),
                                List.of()),
                        layer().file("a", "a"),
                        layer().file("b", "b"));
        assertThat(data.get("name").textValue()).isEqualTo("debian:12");
        assertThat(data.get("facts")).hasToString("[[\"Platform\",\"linux/amd64\"]]");
        assertThat(data.get("layers").get(0).get("step").textValue())
                .isEqualTo("RUN set -eux; \\\\ apt-get update");
        assertThat(data.get("layers").get(0).get("digest").textValue()).startsWith("sha256:");
        assertThat(data.get("layers").get(1).get("stored").longValue()).isEqualTo(2000);
        assertThat(data.get("layers").get(1).has("step")).isFalse();
    }

    /// A name with it would end the data and begin a script; the marks would turn text around.
    @Test
    void hostileTextStaysText() throws IOException {
        String script = "</script><script>alert(1)</script><!--";
        String marks = "a\u202eb\u2066c\u2028d\u2029e\u007f";
        RootfsPath path = RootfsPath.of(script.replace("/", "|") + marks);
        byte[] page =
                new PictureFile(
                                script,
                                Map.of(script, marks),
                                List.of(script + marks),
                                List.of(new Wasted(path, 1, 1, 2)))
                        .of(
                                List.of(
                                        layer().file("\u00ff\u00fe<!--<script>", "x"),
                                        layer().file("x</script>", "x")));
        String text = new String(page, UTF_8);
        assertThat(text).doesNotContain("\u202e", "\u2066", "\u2028", "\u2029", "\u007f");
        assertThat(text.split("(?i)<script", -1)).hasSize(3);
        assertThat(text.split("(?i)</script", -1)).hasSize(3);
        assertThat(text).doesNotContain("<!--");
        JsonNode data = data(text);
        assertThat(data.get("name").textValue()).isEqualTo(script);
        assertThat(data.get("facts").get(0).get(1).textValue())
                .isEqualTo(
                        "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6c\\xe2\\x80\\xa8d\\xe2\\x80\\xa9e\\x7f");
        assertThat(rows(data.get("kept")))
                .contains("/\\xff\\xfe<!--<script> 1 1 1", "/x< 0 2 0", "/x</script> 1 2 1");
    }

    @Test
    void hostileNamesAreReadBack() throws IOException {
        LayerBuilder layer = layer();
        Set<String> expected = new HashSet<>();
        for (String word : HostileText.many(10_000)) {
            byte[] name = ("x" + word.replace('/', '|')).getBytes(UTF_8);
            layer.file(new String(name, ISO_8859_1), "x");
            expected.add("/" + new String(name, ISO_8859_1) + " 1 1 1");
        }
        String page = new String(PictureFile.PLAIN.of(List.of(layer)), UTF_8);
        assertThat(page.split("(?i)</?script", -1)).hasSize(5);
        assertThat(rows(data(page).get("kept")).stream().map(ImagePictureTest::bytes))
                .containsAll(expected);
    }

    /// What a shown name stands for, a byte in each character.
    private static String bytes(String shown) {
        return Pattern.compile("\\\\(?:x(..)|(.))")
                .matcher(new String(shown.getBytes(UTF_8), ISO_8859_1))
                .replaceAll(escape ->
                        Matcher.quoteReplacement(
                                escape.group(1) == null
                                        ? escape.group(2)
                                        : Character.toString(
                                                HexFormat.fromHexDigits(escape.group(1)))));
    }

    /// Names are bytes: what is UTF-8 is shown, in whatever script.
    @Test
    void namesInAnyScript() throws IOException {
        String name = new String("日本 ä 😀".getBytes(UTF_8), ISO_8859_1);
        JsonNode data = data(PictureFile.PLAIN, layer().file(name, "x"));
        assertThat(rows(data.get("kept"))).contains("/日本 ä 😀 1 1 1");
    }

    /// The policy names the one script and the one style, and nothing else may be loaded.
    @Test
    void thePolicyAllowsThisPageAlone() throws Exception {
        String page = new String(PictureFile.PLAIN.of(List.of(layer())), UTF_8);
        assertThat(page)
                .contains(
                        "default-src 'none'; script-src %s; style-src %s;"
                                .formatted(
                                        source(page, "<script>", "</script>"),
                                        source(page, "<style>", "</style>")));
        assertThat(page).doesNotContain("src=", "href=", "@import", "url(", "@data@", "@style@");
    }

    private static String source(String page, String start, String end)
            throws NoSuchAlgorithmException {
        int from = page.indexOf(start) + start.length();
        byte[] content = page.substring(from, page.indexOf(end, from)).getBytes(UTF_8);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }
}
