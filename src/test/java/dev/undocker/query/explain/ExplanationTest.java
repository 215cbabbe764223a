package dev.undocker.query.explain;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.image.BuildStep;
import dev.undocker.image.Digest;
import dev.undocker.query.LayerOrigin;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.LayerBuilder;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a user is told of a path, by rule.
class ExplanationTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    /// @param path one character for each byte
    private static String told(String path, LayerBuilder... layers) throws IOException {
        List<LayerOrigin> origins = new ArrayList<>();
        for (int number = 1; number <= layers.length; number++) {
            BuildStep step = new BuildStep(null, "step\t" + number + "\n", null, false);
            origins.add(new LayerOrigin(number, Digest.parse(DIGEST), Digest.parse(DIGEST), step));
        }
        MergeHistory history = new MergeHistory();
        List<byte[]> tars = List.of(layers).stream().map(LayerBuilder::toBytes).toList();
        try (Flatten flatten = Flatten.ofNames(tars, history)) {
            Explanation explanation =
                    new Explainer(flatten.rootfs().tree(), history)
                            .explain(RootfsPath.of(path.getBytes(ISO_8859_1)));
            String json = new String(ExplanationJson.of(explanation, origins), UTF_8);
            JsonSchemas.check("explain.json", json);
            assertThat(json).contains("\"present\":" + explanation.isPresent());
            String text = ExplanationText.of(explanation, origins, history, 80);
            assertThat(text.lines()).allMatch(line -> line.length() <= 80);
            return text.replace("sha256:0123456789ab  ", "");
        }
    }

    @Test
    void aFileThatIsReplaced() throws IOException {
        assertThat(
                        told(
                                "d/f",
                                layer().dir("d/").file("d/f", "1"),
                                layer().file("other", ""),
                                layer().file("d/f", "22").mode(04755).owner(7, 8)))
                .isEqualTo(
                        """
                        d/f is in the image: a regular file of 2 bytes, from layer 3

                        layer 1  step 1
                          adds a regular file of 1 byte, mode 0644, owner 0:0
                        layer 3  step 3
                          replaces the regular file of 1 byte (layer 1) by a regular file of 2 bytes,
                            mode 4755, owner 7:8
                        """);
    }

    @Test
    void aDirectoryThatIsDescribedAgain() throws IOException {
        assertThat(
                        told(
                                "d",
                                layer().file("d/f", ""),
                                layer().dir("d/").mode(0700).xattr("user.a", "1"),
                                layer().dir("d/").mode(0700).xattr("user.a", "1")))
                .isEqualTo(
                        """
                        d is in the image: a directory, from layer 3

                        layer 1  step 1
                          makes a directory for d/f, without describing it
                        layer 2  step 2
                          changes the directory itself: mode 0755 → 0700, xattr user.a added
                        layer 3  step 3
                          describes it again, as it was
                        """);
    }

    @Test
    void aDirectoryThatNoLayerDescribes() throws IOException {
        assertThat(told("d", layer().file("d/f", "")))
                .startsWith(
                        "d is in the image: a directory, which layer 1 needs and no layer"
                                + " describes\n");
        assertThat(told("/", layer().file("f", "")))
                .isEqualTo("/ is in the image: a directory, which no layer describes\n");
        assertThat(told("/", layer().dir("./")))
                .startsWith("/ is in the image: a directory, from layer 1\n");
    }

    @Test
    void aWhiteout() throws IOException {
        assertThat(told("d/f", layer().file("d/f", "1"), layer().whiteout("d/f")))
                .isEqualTo(
                        """
                        d/f is not in the image: layer 2 deletes it (whiteout d/.wh.f)

                        layer 1  step 1
                          adds a regular file of 1 byte, mode 0644, owner 0:0
                        layer 2  step 2
                          deletes it (whiteout d/.wh.f)
                        """);
    }

    @Test
    void aWhiteoutOfAParent() throws IOException {
        assertThat(told("d/e/f", layer().file("d/e/f", "1"), layer().whiteout("d")))
                .startsWith(
                        "d/e/f is not in the image: layer 2 deletes the directory d (whiteout"
                                + " .wh.d)\n");
    }

    /// The directory's end is told, though the name itself never was.
    @Test
    void aNameInADirectoryThatIsGone() throws IOException {
        assertThat(told("d/g", layer().file("d/f", "1"), layer().whiteout("d")))
                .isEqualTo(
                        """
                        d/g is not in the image: no layer has it

                        d:
                        layer 1  step 1
                          makes a directory for d/f, without describing it
                        layer 2  step 2
                          deletes it (whiteout .wh.d)
                        """);
    }

    @Test
    void anOpaqueDirectory() throws IOException {
        assertThat(told("d/f", layer().file("d/f", "1"), layer().opaque("d").file("d/g", "")))
                .startsWith(
                        """
                        d/f is not in the image: layer 2 deletes all that was below d (opaque whiteout
                          d/.wh..wh..opq)
                        """);
        assertThat(told("f", layer().file("f", "1"), layer().opaque("")))
                .contains("all that was below / (opaque whiteout .wh..wh..opq)");
    }

    @Test
    void whatAnOpaqueDirectoryBringsAgain() throws IOException {
        assertThat(told("d/f", layer().file("d/f", "1"), layer().opaque("d").file("d/f", "22")))
                .startsWith("d/f is in the image: a regular file of 2 bytes, from layer 2\n")
                .endsWith(
                        """
                        layer 2  step 2
                          deletes all that was below d (opaque whiteout d/.wh..wh..opq)
                          adds a regular file of 2 bytes, mode 0644, owner 0:0
                        """);
    }

    @Test
    void aDirectoryThatIsReplacedByAnotherKind() throws IOException {
        LayerBuilder base = layer().file("d/f", "1").dir("e/");
        assertThat(told("d/f", base, layer().symlink("d", "e")))
                .isEqualTo(
                        """
                        d is a symbolic link to e (layer 2)
                        d/f is not in the image: layer 2 replaces the directory d by a symbolic link to
                          e, mode 0777, owner 0:0

                        layer 1  step 1
                          adds a regular file of 1 byte, mode 0644, owner 0:0
                        layer 2  step 2
                          replaces the directory d by a symbolic link to e, mode 0777, owner 0:0
                        """);
        assertThat(told("d", base, layer().fifo("d")))
                .contains("replaces the directory (layer 1) by a FIFO, mode 0644, owner 0:0");
        assertThat(told("d/f/g", base, layer().file("other", "")))
                .isEqualTo(
                        "d/f/g is not in the image: d/f is a regular file (layer 1), which nothing"
                                + " can be\n"
                                + "  below\n");
    }

    @Test
    void aLinkOfALowerLayerThatADirectoryHides() throws IOException {
        assertThat(
                        told(
                                "lib",
                                layer().dir("usr/").symlink("lib", "usr"),
                                layer().file("lib/g", "")))
                .endsWith(
                        "  replaces the symbolic link to usr (layer 1) by a directory for lib/g,"
                                + " without\n"
                                + "    describing it\n");
    }

    @Test
    void aHardLinkThatOutlivesItsTarget() throws IOException {
        LayerBuilder[] layers = {
            layer().file("a", "123"),
            layer().hardLink("b", "a").hardLink("c", "a"),
            layer().whiteout("a")
        };
        assertThat(told("b", layers))
                .isEqualTo(
                        """
                        b is in the image: a regular file of 3 bytes, from layer 1, named so by layer 2
                        It has 1 more name: c
                        It outlived a, which it was made a hard link to and which layer 3 removed

                        layer 2  step 2
                          adds a hard link to a, a regular file of 3 bytes, mode 0644, owner 0:0
                        """);
        assertThat(told("a", layers))
                .startsWith(
                        """
                        a is not in the image: layer 3 deletes it (whiteout .wh.a)
                        What it was is still there as b, c
                        """);
    }

    @Test
    void aWayThroughLinks() throws IOException {
        assertThat(
                        told(
                                "bin/sh",
                                layer().file("usr/bin/dash", "1").symlink("bin", "usr/bin"),
                                layer().symlink("usr/bin/sh", "/bin/dash")))
                .isEqualTo(
                        """
                        bin is a symbolic link to usr/bin (layer 1)
                        bin/sh is in the image as usr/bin/sh: a symbolic link to /bin/dash, from layer 2

                        usr/bin/sh:
                        layer 2  step 2
                          adds a symbolic link to /bin/dash, mode 0777, owner 0:0

                        The link leads to usr/bin/dash
                        bin is a symbolic link to usr/bin (layer 1)
                        usr/bin/dash is in the image: a regular file of 1 byte, from layer 1

                        layer 1  step 1
                          adds a regular file of 1 byte, mode 0644, owner 0:0
                        """);
    }

    @Test
    void aMemberThatALinkOfItsLayerLeadElsewhere() throws IOException {
        LayerBuilder base = layer().dir("usr/").symlink("lib", "usr").file("lib/f", "1");
        String told =
                """
                usr/f:
                layer 1  step 1
                  adds a regular file of 1 byte, mode 0644, owner 0:0, as lib/f, through a
                    symbolic link of this layer
                """;
        assertThat(told("lib/f", base))
                .startsWith(
                        "lib is a symbolic link to usr (layer 1)\nlib/f is in the image as usr/f: ")
                .endsWith(told);
        // the same when the link is no more
        assertThat(told("lib/f", base, layer().whiteout("lib")))
                .startsWith("lib/f is not in the image: no layer has it\n")
                .contains(told);
    }

    @Test
    void linksThatLeadNowhere() throws IOException {
        assertThat(told("a", layer().symlink("a", "gone")))
                .contains("The link leads to gone\ngone is not in the image: no layer has it\n");
        assertThat(told("a", layer().symlink("a", "b").symlink("b", "a")))
                .endsWith(
                        """

                        The link leads nowhere: its way leads through too many symbolic links at b
                        """);
        assertThat(told("a/x", layer().symlink("a", "b").symlink("b", "a")))
                .contains(
                        "a/x is not in the image: its way leads through too many symbolic links"
                                + " at");
    }

    @Test
    void whatNeverWasIsMeantOtherwise() throws IOException {
        LayerBuilder base =
                layer().file("usr/bin/python3", "").file("etc/passwd", "").file("etc/shadow", "");
        assertThat(told("etc/paswd", base))
                .isEqualTo("etc/paswd is not in the image: no layer has it\nSimilar: etc/passwd\n");
        assertThat(told("usr/local/bin/python3", base))
                .isEqualTo(
                        """
                        usr/local/bin/python3 is not in the image: no layer has it
                        Similar: usr/bin/python3
                        """);
        assertThat(told("etc/x/y", base))
                .isEqualTo("etc/x/y is not in the image: no layer has it\n");
    }

    @Test
    void namesAreQuoted() throws IOException {
        assertThat(told("a b\n\u00ff", layer().file("a b\n\u00ff", "")))
                .startsWith("'a b'$'\\n\\377' is in the image: ");
    }
}
