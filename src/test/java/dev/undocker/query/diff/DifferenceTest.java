package dev.undocker.query.diff;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.image.Digest;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.LayerBuilder;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a user is told of two trees, aspect by aspect.
class DifferenceTest {
    private record Told(String summary, String all, List<String> json) {}

    private static Told told(LayerBuilder before, LayerBuilder after, boolean times)
            throws IOException {
        try (Flatten one = Flatten.of(before);
                Flatten other = Flatten.of(after)) {
            List<Difference> differences =
                    TreeComparison.of(
                            one.rootfs().tree(), other.rootfs().tree(), times, warning -> {});
            List<String> json = new ArrayList<>();
            DifferenceJson lines = new DifferenceJson();
            for (Difference difference : differences) {
                String line = new String(lines.line(difference), UTF_8);
                JsonSchemas.check("diff.json", line);
                assertThat(line).endsWith("}\n").isASCII();
                json.add(line);
            }
            return new Told(
                    DifferenceText.of(differences, false),
                    DifferenceText.of(differences, true),
                    json);
        }
    }

    private static String told(LayerBuilder before, LayerBuilder after) throws IOException {
        return told(before, after, false).all();
    }

    @Test
    void theSame() throws IOException {
        assertThat(told(layer().file("d/f", "1"), layer().dir("d/").file("d/f", "1"))).isEmpty();
    }

    @Test
    void kinds() throws IOException {
        assertThat(
                        told(
                                layer().file("a", "1").dir("b/").charDevice("c", 1, 3),
                                layer().symlink("a", "x")
                                        .mode(0644)
                                        .fifo("b")
                                        .mode(0755)
                                        .blockDevice("c", 1, 3)))
                .isEqualTo(
                        """
                        C a (regular file → symbolic link)
                        C b (directory → FIFO)
                        C c (character device → block device)
                        """);
    }

    @Test
    void metadata() throws IOException {
        assertThat(
                        told(
                                layer().file("f", "1").mode(04755).owner(1, 2).dir("./"),
                                layer().file("f", "1").owner(1, 3).dir("./").mode(01777)))
                .isEqualTo(
                        """
                        C / (mode 0755 → 1777)
                        C f (mode 4755 → 0644, owner 1:2 → 1:3)
                        """);
    }

    @Test
    void whatIsSpecialToKinds() throws IOException {
        assertThat(
                        told(
                                layer().symlink("l", "a b")
                                        .charDevice("c", 1, 3)
                                        .blockDevice("b", 7, 0),
                                layer().symlink("l", "a")
                                        .charDevice("c", 1, 5)
                                        .blockDevice("b", 7, 1)))
                .isEqualTo(
                        """
                        C b (device 7:0 → 7:1)
                        C c (device 1:3 → 1:5)
                        C l (target 'a b' → a)
                        """);
    }

    @Test
    void contents() throws IOException {
        String large = "0123456789".repeat(20_000);
        Told told =
                told(
                        layer().file("a", "1").file("b", "1").file("c", large),
                        layer().file("a", "2")
                                .file("b", "22")
                                .file("c", large + "x")
                                .file("c", large.replaceAll("9$", "x")),
                        false);
        assertThat(told.all()).isEqualTo("C a (content)\nC b (size 1 → 2)\nC c (content)\n");
        assertThat(told.json().getFirst())
                .contains(Digest.sha256(new byte[] {'1'}).toString())
                .contains(Digest.sha256(new byte[] {'2'}).toString())
                .contains("\"differences\":[{\"what\":\"content\"}]");
    }

    @Test
    void timesOnlyWhereTheyCount() throws IOException {
        LayerBuilder before = layer().file("f", "1").mtime(1, 0);
        LayerBuilder after = layer().file("f", "1").mtime(1, 5);
        assertThat(told(before, after)).isEmpty();
        Told told = told(before, after, true);
        assertThat(told.all()).isEqualTo("C f (time)\n");
        assertThat(told.json().getFirst()).contains("\"mtime\":1.000000005");
    }

    @Test
    void attributes() throws IOException {
        assertThat(
                        told(
                                layer().file("f", "1").xattr("user.a", "1").xattr("user.c", "1"),
                                layer().file("f", "1").xattr("user.b", "1").xattr("user.c", "2")))
                .isEqualTo("C f (xattr user.a gone, xattr user.b added, xattr user.c)\n");
    }

    @Test
    void namesOfOneFile() throws IOException {
        assertThat(
                        told(
                                layer().file("a", "1").hardLink("b", "a").file("c", "1"),
                                layer().file("a", "1").file("b", "1").hardLink("c", "a")))
                .isEqualTo(
                        """
                        C a (links b → c)
                        C b (links a → none)
                        C c (links none → a)
                        """);
    }

    @Test
    void whatIsBelowADirectoryIsCounted() throws IOException {
        Told told =
                told(
                        layer().file("gone/a/b", "").file("kind/f", "").dir("both/").file("x", ""),
                        layer().dir("new/")
                                .file("new-file", "")
                                .file("kind", "")
                                .file("both/f", "")
                                .file("x", ""),
                        false);
        assertThat(told.summary())
                .isEqualTo(
                        """
                        A both/f
                        D gone (2 names below)
                        C kind (directory → regular file, mode 0755 → 0644, 1 name below)
                        A new
                        A new-file
                        """);
        assertThat(told.all())
                .isEqualTo(
                        """
                        A both/f
                        D gone
                        D gone/a
                        D gone/a/b
                        C kind (directory → regular file, mode 0755 → 0644)
                        D kind/f
                        A new
                        A new-file
                        """);
        assertThat(told.json()).hasSize(8);
    }

    @Test
    void namesAreQuotedAndAreBytes() throws IOException {
        Told told = told(layer(), layer().file("a\n\u00ff", "").symlink("l", "\u00fe"), false);
        assertThat(told.all()).isEqualTo("A 'a'$'\\n\\377'\nA l\n");
        assertThat(told.json().getFirst())
                .contains("\"path\":\"a\\n\\uFFFD\",\"pathBase64\":\"YQr/\"");
        assertThat(told.json().getLast()).contains("\"targetBase64\":\"/g==\"");
    }
}
