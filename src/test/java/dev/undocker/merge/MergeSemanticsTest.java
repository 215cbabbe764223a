package dev.undocker.merge;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.Xattr;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Listing;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// The rules of image-spec `layer.md`, and this project's choices where the specification is
/// silent, one small stack of layers each. Other tools got every one of them wrong at some time.
class MergeSemanticsTest {
    private static void expect(String listing, LayerBuilder... layers) {
        try (Flatten flatten = Flatten.of(layers)) {
            assertThat(flatten.listing()).hasToString(listing);
            assertThat(Listing.ofTar(flatten.tar())).hasToString(listing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Refused with a sentence that names the layer and the path.
    private static void expectRefused(String path, LayerBuilder... layers) {
        assertThatThrownBy(() -> Flatten.of(layers).close())
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("layer " + layers.length + " (sha256:")
                .hasMessageContaining(path);
    }

    private static List<String> warnings(LayerBuilder... layers) {
        try (Flatten flatten = Flatten.of(layers)) {
            return flatten.warnings();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nested
    class Whiteouts {
        @Test
        void removeFilesLinksDevicesAndTrees() {
            expect(
                    """
                    d /
                    f keep ""
                    f target ""
                    """,
                    layer().file("f", "")
                            .file("target", "")
                            .symlink("l", "target")
                            .charDevice("c", 1, 3)
                            .file("d/deep/f", "")
                            .file("keep", ""),
                    layer().whiteout("f").whiteout("l").whiteout("c").whiteout("d"));
        }

        @Test
        void matchTheWholeName() {
            expect(
                    """
                    d /
                    f file2 ""
                    """,
                    layer().file("file", "").file("file2", ""),
                    layer().whiteout("file"));
        }

        @Test
        void ofNothingDoNothing() {
            expect("d /\n", layer().whiteout("nothing").whiteout("no/where"));
        }

        @ParameterizedTest
        @ValueSource(chars = {'0', '7', '2', '3', '5'})
        void onlyTheNameMatters(char type) {
            expect(
                    """
                    d /
                    d d
                    """,
                    layer().file("d/f", ""),
                    layer().member(type, "d/.wh.f").linkName("x"));
        }

        @Test
        void asHardLinksAreNotResolved() {
            expect(
                    "d /\n",
                    layer().file("f", ""),
                    layer().hardLink(".wh.f", ".wh..wh.plnk/missing"));
        }

        @Test
        void withContentAreWhiteoutsToo() {
            expect("d /\n", layer().file("f", ""), layer().file(".wh.f", "content"));
        }

        @Test
        @DisplayName("wh-readd-after, wh-readd-before: the same layer's file stays in either order")
        void hideLowerLayersOnly() {
            String expected =
                    """
                    d /
                    f f "new"
                    """;
            expect(expected, layer().file("f", "old"), layer().file("f", "new").whiteout("f"));
            expect(expected, layer().file("f", "old"), layer().whiteout("f").file("f", "new"));
        }

        @Test
        @DisplayName("wh-dir-readd-mid, wh-dir-readd-after")
        void ofADirectoryThatComesAgain() {
            String expected =
                    """
                    d /
                    d d
                    f d/n "new"
                    """;
            LayerBuilder old = layer().dir("d").file("d/old", "");
            expect(expected, old, layer().whiteout("d").dir("d").file("d/n", "new"));
            expect(expected, old, layer().dir("d").whiteout("d").file("d/n", "new"));
            expect(expected, old, layer().dir("d").file("d/n", "new").whiteout("d"));
        }

        @Test
        void ofADirectoryThatIsImpliedAgain() {
            expect(
                    """
                    d /
                    d d
                    f d/n ""
                    """,
                    layer().dir("d").mode(01777).file("d/old", ""),
                    layer().whiteout("d").file("d/n", ""));
        }

        @Test
        @DisplayName("wh-prefix-normalised")
        void prefixesDoNotMatter() {
            expect(
                    "d /\nd d\n",
                    layer().file("d/f", "").file("./d/g", "").file("/d/h", ""),
                    layer().whiteout("./d/f").whiteout("/d/g").whiteout("d//h"));
        }

        @ParameterizedTest
        @DisplayName("wh-bare, wh-dot: refused, and never a reason to remove the directory")
        @ValueSource(strings = {".wh.", "d/.wh.", ".wh..", "d/.wh..", ".wh...", "d/.wh..."})
        void invalidMarkersAreRefused(String marker) {
            expectRefused(".wh.", layer().file("d/f", ""), layer().file(marker, ""));
        }

        @Test
        void ofAnEarlierLayerDoNotReachLaterOnes() {
            expect(
                    "d /\nf f \"third\"\n",
                    layer().file("f", "first"),
                    layer().whiteout("f"),
                    layer().file("f", "third"));
        }

        @Test
        void ofALinkLeaveItsTarget() {
            expect(
                    "d /\nd d\nf d/f \"\"\n",
                    layer().file("d/f", "").symlink("l", "d"),
                    layer().whiteout("l"));
        }

        @Test
        @DisplayName("attack 12: a whiteout below a link reaches nothing")
        void belowALink() {
            expect(
                    "d /\nd d\nf d/f \"\"\nl l -> d\n",
                    layer().file("d/f", "").symlink("l", "d"),
                    layer().whiteout("l/f"));
        }
    }

    @Nested
    class OpaqueMarkers {
        @Test
        void hideLowerChildrenAndKeepTheDirectory() {
            expect(
                    """
                    d /
                    d d 0700 1:2
                    """,
                    layer().dir("d").mode(0700).owner(1, 2).file("d/a", "").file("d/b/c", ""),
                    layer().opaque("d"));
        }

        @Test
        @DisplayName("opq-last: children of the same layer stay, before and after the marker")
        void keepTheLayersOwnChildren() {
            expect(
                    """
                    d /
                    d d
                    f d/after ""
                    f d/before ""
                    """,
                    layer().file("d/old", ""),
                    layer().file("d/before", "").opaque("d").file("d/after", ""));
        }

        @Test
        @DisplayName("opq-implicit-sub")
        void keepTheLayersOwnChildrenInImpliedDirectories() {
            expect(
                    """
                    d /
                    d d
                    d d/sub
                    f d/sub/new ""
                    """,
                    layer().dir("d/sub").mode(0700).file("d/sub/old", ""),
                    layer().file("d/sub/new", "").opaque("d"));
        }

        @Test
        @DisplayName("opq-root")
        void atTheRootHideEverything() {
            expect(
                    "d /\nf new \"\"\n",
                    layer().file("old", "").file("d/f", ""),
                    layer().opaque("").file("new", ""));
        }

        @Test
        void whereNobodyHasADirectoryDoNothing() {
            expect("d /\nf f \"\"\n", layer().file("f", ""), layer().opaque("d").opaque("f"));
        }
    }

    @Nested
    class Names {
        @Test
        @DisplayName("pa-mixed: one path in all its spellings")
        void areNormalised() {
            expect(
                    """
                    d /
                    d a
                    f a/f "5"
                    f b "x" = b
                    f c "x" = b
                    """,
                    layer().file("./a/f", "1").file("b", "x"),
                    layer().file("/a/f", "2"),
                    layer().file("a//f", "3"),
                    layer().file("a/./f", "4"),
                    layer().file("a/n/../f", "5").hardLink("./c", "/b"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"../f", "a/../../f", "/..", "../../etc/passwd"})
        void thatLeaveTheRootAreRefused(String name) {
            expectRefused("..", layer().file(name, ""));
            expectRefused("..", layer().whiteout(name));
            expectRefused("..", layer().file("f", "").hardLink("h", name));
        }

        @Test
        @DisplayName("attack 14: a backslash and a colon are letters")
        void ofOtherSystemsMeanNothing() {
            expect(
                    """
                    d /
                    f ..\\\\..\\\\f ""
                    f C:\\\\f ""
                    """,
                    layer().file("..\\..\\f", "").file("C:\\f", ""));
        }

        @Test
        void areBytes() {
            expect(
                    """
                    d /
                    f A ""
                    f a ""
                    f a\\x0ab ""
                    f trailing  ""
                    f \\xff\\xfe ""
                    """,
                    layer().file("\u00ff\u00fe", "")
                            .file("a\nb", "")
                            .file("A", "")
                            .file("a", "")
                            .file("trailing ", ""));
        }

        @Test
        void ofAnyLength() {
            String component = "n".repeat(255);
            String path = (component + "/").repeat(20) + "f";
            try (Flatten flatten = Flatten.of(layer().file(path, "x"))) {
                assertThat(flatten.listing().toString()).endsWith("f " + path + " \"x\"\n");
                assertThat(Listing.ofTar(flatten.tar())).isEqualTo(flatten.listing());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Nested
    class AufsLeftovers {
        @Test
        void areSkippedWithEverythingBelow() {
            expect(
                    "d /\nf f \"\"\n",
                    layer().file(".wh..wh.aufs", "")
                            .dir(".wh..wh.orph")
                            .file(".wh..wh.orph/x", "")
                            .dir(".wh..wh.plnk")
                            .file(".wh..wh.plnk/1.2", "")
                            .file("f", ""));
        }

        @Test
        void linksToThemBecomeFiles() {
            try (Flatten flatten =
                    Flatten.of(
                            layer().dir(".wh..wh.plnk")
                                    .file(".wh..wh.plnk/1.2", "content")
                                    .hardLink("f", ".wh..wh.plnk/1.2"))) {
                assertThat(flatten.listing()).hasToString("d /\nf f \"content\"\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Nested
    class Collisions {
        @Test
        void directoryOverDirectoryMerges() {
            expect(
                    """
                    d /
                    d d 0700 3:4 @9
                    f d/a ""
                    f d/b ""
                    """,
                    layer().dir("d").mode(01777).owner(1, 2).mtime(5).file("d/a", ""),
                    layer().dir("d").mode(0700).owner(3, 4).mtime(9).file("d/b", ""));
        }

        /// Values that stay where they lie in the layer are the same as those in memory, of
        /// compressed layers too, and in a file that only a hard link keeps.
        @Test
        void largeAttributesComeOutAsTheyAre() throws IOException {
            String noise = noise(70_000);
            String coded =
                    Base64.getEncoder()
                            .encodeToString(noise.substring(0, 999).getBytes(ISO_8859_1));
            LayerBuilder base =
                    layer().dir("d")
                            .xattr("user.255", noise.substring(0, 255))
                            .xattr("user.256", noise.substring(0, 256))
                            .file("f", "content")
                            .xattr("user.large", noise)
                            .xattr("user.other", noise.substring(1))
                            .hardLink("link", "f")
                            .file("g", "")
                            .pax("LIBARCHIVE.xattr.user.coded", coded);
            LayerBuilder top = layer().file("f", "new");
            try (Flatten plain = Flatten.of(base, top);
                    Flatten gzip = Flatten.ofGzip(List.of(base, top))) {
                Map<String, Integer> lengths = new TreeMap<>();
                for (RootfsEntry entry : gzip.entries()) {
                    for (Xattr xattr : entry.inode().metadata().xattrs()) {
                        String name = new String(xattr.name(), ISO_8859_1);
                        String value = new String(xattr.value(), ISO_8859_1);
                        lengths.put(name, value.length());
                        assertThat(noise).as(name).contains(value);
                    }
                }
                assertThat(lengths)
                        .isEqualTo(
                                Map.of(
                                        "user.255",
                                        255,
                                        "user.256",
                                        256,
                                        "user.coded",
                                        999,
                                        "user.large",
                                        70_000,
                                        "user.other",
                                        69_999));
                assertThat(plain.listing()).hasToString(gzip.listing().toString());
                assertThat(plain.tar()).isEqualTo(gzip.tar());
                assertThat(Listing.ofTar(gzip.tar())).hasToString(gzip.listing().toString());
            }
        }

        private static String noise(int length) {
            byte[] bytes = new byte[length];
            new SplittableRandom(1).nextBytes(bytes);
            return new String(bytes, ISO_8859_1);
        }

        @Test
        @DisplayName("md-dir-xattr-replace")
        void directoryOverDirectoryReplacesXattrs() {
            expect(
                    "d /\nd d user.new=\"2\"\n",
                    layer().dir("d").xattr("user.old", "1"),
                    layer().dir("d").xattr("user.new", "2"));
            expect("d /\nd d\n", layer().dir("d").xattr("user.old", "1"), layer().dir("d"));
        }

        @Test
        void everyOtherPairReplaces() {
            expect("d /\nd x\n", layer().file("x", ""), layer().dir("x"));
            expect("d /\nf x \"\"\n", layer().file("x/y", ""), layer().file("x", ""));
            expect("d /\nl x -> y\n", layer().file("x/y", ""), layer().symlink("x", "y"));
            expect("d /\nf x \"\"\n", layer().charDevice("x", 1, 1), layer().file("x", ""));
            expect("d /\np x\n", layer().symlink("x", "y"), layer().fifo("x"));
        }

        @Test
        @DisplayName("ty-dir-file-dir: old children never come back")
        void directoryFileDirectory() {
            expect(
                    "d /\nd d\nf d/new \"\"\n",
                    layer().file("d/old", ""),
                    layer().file("d", ""),
                    layer().dir("d").file("d/new", ""));
            expect(
                    "d /\nd d\nf d/new \"\"\n",
                    layer().file("d/old", "").file("d", "").dir("d").file("d/new", ""));
        }

        @Test
        @DisplayName("at-symlink-file: never written through the link")
        void fileOverSymlink() {
            String expected = "d /\nf e \"new\"\nf target \"old\"\n";
            expect(
                    expected,
                    layer().file("target", "old").symlink("e", "target"),
                    layer().file("e", "new"));
            expect(expected, layer().file("target", "old").symlink("e", "target").file("e", "new"));
        }

        @Test
        @DisplayName("attack 6: a directory entry replaces the link, also when spelled l/.")
        void directoryOverSymlink() {
            for (String name : List.of("l", "l/", "l/.")) {
                expect(
                        "d /\nd d\nf d/f \"\"\nd l 0700\n",
                        layer().file("d/f", "").symlink("l", "d"),
                        layer().dir(name).mode(0700));
            }
        }

        @Test
        void replacedFileLeavesNoXattrs() {
            expect(
                    "d /\nf f \"2\"\n",
                    layer().file("f", "1").mode(04755).xattr("security.capability", "x"),
                    layer().file("f", "2"));
        }

        @Test
        @DisplayName("duplicates in one layer: the last one wins")
        void duplicates() {
            expect("d /\nf f \"2\"\n", layer().file("f", "1").file("f", "2"));
            expect(
                    "d /\nd d 0700\nf d/f \"\"\n",
                    layer().dir("d").file("d/f", "").dir("d").mode(0700));
            expect("d /\nf d \"\"\n", layer().dir("d").file("d/f", "").file("d", ""));
        }
    }

    @Nested
    class Parents {
        @Test
        void areMadeWhereTheyAreMissing() {
            expect("d /\nd a\nd a/b\nf a/b/f \"\" @7\n", layer().file("a/b/f", "").mtime(7));
        }

        @Test
        @DisplayName("md-explicit-then-child: an implied directory changes nothing")
        void keepTheirLowerMetadata() {
            expect(
                    "d /\nd tmp 1777 1:2 @5 user.a=\"b\"\nf tmp/f \"\" @9\n",
                    layer().dir("tmp").mode(01777).owner(1, 2).mtime(5).xattr("user.a", "b"),
                    layer().file("tmp/f", "").mtime(9));
        }

        @Test
        void explicitEntryMayComeAfterTheChildren() {
            expect(
                    "d /\nd d 0700 @3\nf d/f \"\"\n",
                    layer().file("d/f", "").dir("d").mode(0700).mtime(3));
        }

        @Test
        @DisplayName("pa-same-layer-symlink-parent: resolved inside the root")
        void symlinkOfTheSameLayer() {
            expect(
                    "d /\nl lib -> usr/lib\nd usr\nd usr/lib\nf usr/lib/f \"\"\n",
                    layer().dir("usr/lib").symlink("lib", "usr/lib").file("lib/f", ""));
            expect(
                    "d /\nl lib -> /usr/lib\nd usr\nd usr/lib\nf usr/lib/f \"\"\n",
                    layer().dir("usr/lib").symlink("lib", "/usr/lib").file("lib/f", ""));
            expect(
                    "d /\nd a\nd b\nl b/l -> ../../../../a\nf a/f \"\"\n"
                            .lines()
                            .sorted((x, y) -> x.substring(2).compareTo(y.substring(2)))
                            .reduce("", (x, y) -> x + y + "\n"),
                    layer().dir("a").symlink("b/l", "../../../../a").file("b/l/f", ""));
        }

        @Test
        @DisplayName("attack 1: a link out of the root leads back into it")
        void hostileSymlinkOfTheSameLayer() {
            expect(
                    "d /\nd outside\nf outside/x \"\"\nl pwn -> ../../outside\n",
                    layer().symlink("pwn", "../../outside").file("pwn/x", ""));
        }

        @Test
        @DisplayName("attack 2: a lower link is replaced by a real directory, and the user is told")
        void symlinkOfALowerLayer() {
            LayerBuilder lower = layer().file("usr/lib/old", "").symlink("lib", "usr/lib");
            LayerBuilder upper = layer().file("lib/new", "");
            expect(
                    "d /\nd lib\nf lib/new \"\"\nd usr\nd usr/lib\nf usr/lib/old \"\"\n",
                    lower,
                    upper);
            assertThat(warnings(lower, upper))
                    .singleElement()
                    .satisfies(
                            warning -> assertThat(warning).contains("layer 2", "lib/new", "lib"));
        }

        @Test
        void lowerFileGivesWayToADirectory() {
            expect("d /\nd x\nf x/y \"\"\n", layer().file("x", ""), layer().file("x/y", ""));
        }

        @Test
        void loopOfLinksIsRefusedOrContained() {
            assertThatThrownBy(() ->
                            Flatten.of(layer().symlink("a", "b").symlink("b", "a").file("a/f", ""))
                                    .close())
                    .isInstanceOf(UndockerException.class)
                    .hasMessageContaining("a/f");
        }
    }

    @Nested
    class HardLinks {
        @Test
        void areOneInode() {
            expect(
                    "d /\nf a \"x\" 4755 1:2 @3 user.a=\"b\" = a\n"
                            + "f b \"x\" 4755 1:2 @3 user.a=\"b\" = a\n"
                            + "f c \"x\" 4755 1:2 @3 user.a=\"b\" = a\n",
                    layer().file("a", "x").mode(04755).owner(1, 2).mtime(3).xattr("user.a", "b"),
                    layer().hardLink("b", "a").mode(0600).owner(9, 9).mtime(9),
                    layer().hardLink("c", "b"));
        }

        @Test
        @DisplayName("hl-target-overwritten: survivors keep the old content and stay linked")
        void survivorsOfAnOverwrittenTarget() {
            expect(
                    "d /\n"
                            + "f a \"new\"\n"
                            + "f b \"old\" 4755 user.a=\"1\" = b\n"
                            + "f c \"old\" 4755 user.a=\"1\" = b\n",
                    layer().file("a", "old")
                            .mode(04755)
                            .xattr("user.a", "1")
                            .hardLink("b", "a")
                            .hardLink("c", "a"),
                    layer().file("a", "new"));
        }

        @Test
        @DisplayName("attack 28: the target is hidden, made opaque or becomes something else")
        void survivorsOfARemovedTarget() {
            LayerBuilder lower = layer().file("d/a", "old").hardLink("b", "d/a");
            expect("d /\nf b \"old\"\nd d\n", lower, layer().whiteout("d/a"));
            expect("d /\nf b \"old\"\nd d\n", lower, layer().opaque("d"));
            expect("d /\nf b \"old\"\n", lower, layer().whiteout("d"));
            expect("d /\nf b \"old\"\nd d\nd d/a\n", lower, layer().dir("d/a"));
            expect("d /\nf b \"old\"\nd d\nl d/a -> x\n", lower, layer().symlink("d/a", "x"));
        }

        @Test
        void overwrittenLinkLeavesTheTarget() {
            expect(
                    "d /\nf a \"old\"\nf b \"new\"\n",
                    layer().file("a", "old").hardLink("b", "a"),
                    layer().file("b", "new"));
        }

        @Test
        @DisplayName("hl-wh-and-relink: the target is hidden and comes again")
        void relinked() {
            expect(
                    "d /\nf a \"new\" = a\nf b \"new\" = a\n",
                    layer().file("a", "old").hardLink("b", "a"),
                    layer().whiteout("a").whiteout("b").file("a", "new").hardLink("b", "a"));
            expect(
                    "d /\nf a \"new\" = a\nf b \"new\" = a\n",
                    layer().file("a", "old").hardLink("b", "a"),
                    layer().file("a", "new").hardLink("b", "a").whiteout("a").whiteout("b"));
        }

        @Test
        void renameKeepsTheContent() {
            expect(
                    "d /\nf h \"x\"\n",
                    layer().file("a", "x"),
                    layer().hardLink("h", "a").whiteout("a"));
            expect(
                    "d /\nf h \"x\"\n",
                    layer().file("a", "x"),
                    layer().whiteout("a").hardLink("h", "a"));
        }

        @Test
        void targetIsFoundThroughALinkedDirectory() {
            expect(
                    "d /\n"
                            + "f h \"x\" = h\n"
                            + "l lib -> usr/lib\n"
                            + "d usr\n"
                            + "d usr/lib\n"
                            + "f usr/lib/f \"x\" = h\n",
                    layer().file("usr/lib/f", "x").symlink("lib", "usr/lib"),
                    layer().hardLink("h", "lib/f"));
        }

        @Test
        void toALinkAreTheLinkItself() {
            expect("d /\nl h -> a\nl l -> a\n", layer().symlink("l", "a").hardLink("h", "l"));
        }

        @Test
        void toDevicesAndFifos() {
            expect(
                    "d /\nc c 1:3\nc h 1:3\np i\np p\n",
                    layer().charDevice("c", 1, 3).hardLink("h", "c").fifo("p").hardLink("i", "p"));
        }

        @Test
        void toNothingOrADirectoryAreRefused() {
            expectRefused("h", layer().hardLink("h", "nothing"));
            expectRefused("h", layer().dir("d"), layer().hardLink("h", "d"));
            expectRefused("h", layer().dir("d"), layer().hardLink("h", "/"));
            expectRefused(
                    "h", layer().file("a", ""), layer().whiteout("a"), layer().hardLink("h", "a"));
        }

        @Test
        @DisplayName("hl-size-nonzero: no data follows")
        void withASize() {
            expect(
                    "d /\nf a \"x\" = a\nf b \"x\" = a\nf c \"\"\n",
                    layer().file("a", "x").hardLink("b", "a").size(1000).file("c", ""));
        }

        @Test
        @DisplayName("attack 17: an absolute target is a name in the image")
        void absoluteTarget() {
            expect(
                    "d /\nf a \"x\" = a\nf b \"x\" = a\n",
                    layer().file("a", "x").hardLink("b", "/a"));
        }
    }

    @Nested
    class Symlinks {
        @ParameterizedTest
        @DisplayName("attacks 15, 18: the text is kept as it is")
        @ValueSource(
                strings = {
                    "/usr/bin/x",
                    "nowhere",
                    "../../outside",
                    "/run/../var//x/.",
                    "l",
                    "trailing/",
                    "."
                })
        void areVerbatim(String text) {
            expect("d /\nl l -> " + text + "\n", layer().symlink("l", text));
        }
    }

    @Nested
    class MetadataAndTypes {
        @Test
        void everythingIsKept() {
            expect(
                    """
                    d /
                    f f "" 6755 4294967294:4294967294 @-5.250000000 security.capability="\\x01\\x00\\x0a=" trusted.x="" user.\\xe9="v"
                    """,
                    layer().file("f", "")
                            .mode(0106755)
                            .owner(4294967294L, 4294967294L)
                            .mtime(-5, 250_000_000)
                            .xattr("user.\u00e9", "v")
                            .xattr("trusted.x", "")
                            .xattr("security.capability", "\1\0\n="));
        }

        @Test
        void rootHasItsUppermostEntrysMetadata() {
            expect(
                    "d / 0700 1:2 @3\n",
                    layer().dir("./").mode(0711).owner(5, 5),
                    layer().dir("/").mode(0700).owner(1, 2).mtime(3),
                    layer());
        }

        @Test
        @DisplayName("attack 3: the root cannot become a link")
        void rootStaysADirectory() {
            for (String name : List.of(".", "/", "./", "a/..")) {
                assertThatThrownBy(() -> Flatten.of(layer().symlink(name, "/tmp")).close())
                        .isInstanceOf(UndockerException.class)
                        .hasMessageContaining("root");
            }
        }

        @Test
        void char00UnderAPlainNameIsADevice() {
            expect("d /\nc x 0:0\n", layer().file("x", ""), layer().charDevice("x", 0, 0));
        }

        @Test
        void fileNamedLikeAGlobalHeaderStays() {
            expect(
                    "d /\nf pax_global_header \"x\"\n",
                    layer().file("pax_global_header", "x"),
                    layer().global("comment", "y"));
        }

        @Test
        void sparseFilesAreWhole() {
            for (LayerBuilder.SparseForm form : LayerBuilder.SparseForm.values()) {
                expect(
                        "d /\nf s \"\\x00\\x00ab\\x00\"\n",
                        layer().sparse(form, "s", 5, new LayerBuilder.Piece(2, "ab")));
            }
        }

        @Test
        void noLayersAreAnEmptyRoot() {
            expect("d /\n");
            expect("d /\n", layer(), layer().endBlocks(0), layer().endBlocks(1));
        }
    }
}
