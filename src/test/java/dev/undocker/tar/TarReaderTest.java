package dev.undocker.tar;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.LayerBuilder.Piece;
import dev.undocker.testing.LayerBuilder.SparseForm;
import dev.undocker.testing.Listing;
import dev.undocker.testing.TestFile;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

@Timeout(60)
class TarReaderTest {
    private static void expect(LayerBuilder layer, String listing) {
        expect(layer.toBytes(), listing);
    }

    private static void expect(byte[] tar, String listing) {
        assertThat(Listing.ofTar(tar)).hasToString(listing);
    }

    private static void expectRefused(LayerBuilder layer, String reason) {
        expectRefused(layer.toBytes(), reason);
    }

    private static void expectRefused(byte[] tar, String reason) {
        assertThatThrownBy(() -> Listing.ofTar(tar))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining(reason);
    }

    @Nested
    class Dialects {
        @Test
        void v7TellsADirectoryByItsSlash() {
            expect(
                    layer().dir("d/").v7().typeflag('\0').file("d/f", "x").v7().typeflag('\0'),
                    """
                    d d
                    f d/f "x"
                    """);
        }

        /// Types without data have none, whatever the size field says (tar(5)).
        @ParameterizedTest
        @ValueSource(chars = {'\0', '5'})
        void sizeOfADirectoryIsNotData(char flag) {
            expect(
                    layer().dir("d/").v7().typeflag(flag).size(512).dir("e/").file("f", "x"),
                    """
                    d d
                    d e
                    f f "x"
                    """);
        }

        @Test
        void v7HasNoPrefixAndNoDeviceNumbers() {
            expect(layer().file("f", "x").v7().patch(345, "junk"), "f f \"x\"\n");
        }

        @Test
        void ustarPrefixStandsInFrontOfTheName() {
            expect(layer().file("f", "x").prefix("a/b"), "f a/b/f \"x\"\n");
        }

        @Test
        void gnuHeaderHasTimesWhereUstarHasItsPrefix() {
            expect(layer().file("f", "x").gnu().patch(345, "14000000000\0"), "f f \"x\"\n");
        }

        @Test
        void nameFillsItsFieldWithoutTerminator() {
            String name = "n".repeat(100);
            expect(layer().symlink(name, name), "l " + name + " -> " + name + "\n");
        }

        @Test
        void longNamesOfGnuAndPax() {
            String name = "d/".repeat(300) + "f";
            String link = "../".repeat(200);
            String expected = "l " + name + " -> " + link + "\n";
            expect(layer().symlink(name, link), expected);
            expect(layer().symlink(name, link).gnu(), expected);
        }

        @Test
        void namesAreBytesInEveryForm() {
            String odd = "\u00ff\n\\:\u00e9 ";
            String shown = "\\xff\\x0a\\\\:\\xe9 ";
            expect(layer().file(odd, ""), "f " + shown + " \"\"\n");
            expect(layer().file("x", "").pax("path", odd), "f " + shown + " \"\"\n");
            String longer = "d/".repeat(80) + odd;
            expect(layer().file(longer, "").gnu(), "f " + "d/".repeat(80) + shown + " \"\"\n");
        }

        @Test
        void composedAndDecomposedLettersAreTwoNames() {
            expect(
                    layer().file("\u00c3\u00a9", "").file("e\u00cc\u0081", ""),
                    """
                    f e\u0301 ""
                    f \u00e9 ""
                    """);
        }

        @Test
        void contiguousFilesAreRegular() {
            expect(layer().file("f", "x").typeflag('7'), "f f \"x\"\n");
        }

        @Test
        void devicesAndFifos() {
            expect(
                    layer().charDevice("c", 5, 1).blockDevice("b", 259, 300000).fifo("p"),
                    """
                    b b 259:300000
                    c c 5:1
                    p p
                    """);
        }

        @Test
        void unknownTypeIsRefused() {
            expectRefused(layer().member('Z', "f"), "unknown type Z");
        }
    }

    @Nested
    class Numbers {
        @Test
        void idsBeyondTheOctalField() {
            expect(
                    layer().file("f", "").owner(4294967294L, 2097152),
                    "f f \"\" 4294967294:2097152\n");
            expect(
                    layer().file("f", "").pax("uid", "4294967294").pax("gid", "0"),
                    "f f \"\" 4294967294:0\n");
        }

        @Test
        void idThatMeansNobodyAtAllIsRefused() {
            expectRefused(layer().file("f", "").owner(4294967295L, 0), "uid");
            expectRefused(layer().file("f", "").pax("gid", "4294967295"), "gid");
        }

        @Test
        void modeKeepsTwelveBitsAndNoFileType() {
            expect(layer().file("f", "").mode(0104755), "f f \"\" 4755\n");
            expect(layer().dir("d").mode(041777), "d d 1777\n");
        }

        @Test
        void octalWithBlanksInFrontAndBehind() {
            expect(layer().file("f", "").patch(100, "  4755 \0"), "f f \"\" 4755\n");
        }

        @Test
        void octalJunkIsRefused() {
            expectRefused(layer().file("f", "").patch(100, "00009x4\0"), "mode");
            expectRefused(layer().file("f", "").patch(124, "-0000000001\0"), "size");
            expectRefused(layer().file("f", "").patch(136, "deadbeef"), "mtime");
        }

        @Test
        void timesBeforeTheEpochAndToTheNanosecond() {
            expect(layer().file("f", "").mtime(-5), "f f \"\" @-5\n");
            expect(layer().file("f", "").mtime(7, 123456789), "f f \"\" @7.123456789\n");
            expect(layer().file("f", "").mtime(-2, 750000000), "f f \"\" @-2.750000000\n");
            expect(layer().file("f", "").mtime(1L << 34), "f f \"\" @17179869184\n");
        }

        /// A decimal number may begin with zeros (POSIX pax: "expressed as a decimal number").
        @Test
        void zerosMayLeadADecimalNumber() {
            String zeros = "0".repeat(30);
            expect(
                    layer().file("f", "xyz")
                            .size(0)
                            .pax("size", zeros + "3")
                            .pax("uid", zeros + "1")
                            .pax("gid", zeros)
                            .pax("mtime", zeros + "4.5"),
                    "f f \"xyz\" 1:0 @4.500000000\n");
            expect(
                    layer().file(
                                    "f",
                                    ("1\n" + zeros + "\n" + zeros + "3\n").concat("\0".repeat(447))
                                            + "xyz")
                            .pax("GNU.sparse.major", "1")
                            .pax("GNU.sparse.minor", zeros)
                            .pax("GNU.sparse.realsize", zeros + "3"),
                    "f f \"xyz\"\n");
            expectRefused(layer().file("f", "").pax("size", zeros + "1" + zeros), "size");
        }

        @Test
        void moreThanNineDigitsAreCutOff() {
            expect(
                    layer().file("f", "").pax("mtime", "1.1234567899999"),
                    "f f \"\" @1.123456789\n");
        }

        @Test
        void negativeOrHugeSizeIsRefused() {
            expectRefused(layer().file("f", "").size(-1), "size");
            expectRefused(layer().file("f", "").size(Long.MAX_VALUE / 2), "");
        }
    }

    @Nested
    class Checksums {
        @Test
        void wrongChecksumIsRefused() {
            expectRefused(layer().file("f", "x").wrongChecksum(), "checksum");
        }

        @Test
        void sumOverSignedBytesIsAccepted() {
            expect(layer().file("\u00e9", "").signedChecksum(), "f \\xe9 \"\"\n");
        }

        @Test
        void checksumOfJunkIsRefused() {
            expectRefused(layer().file("f", "").patch(148, "xxxxxxxx"), "checksum");
        }
    }

    @Nested
    class Pax {
        @Test
        void recordsBeatTheHeader() {
            expect(
                    layer().file("f", "abc")
                            .size(0)
                            .pax("path", "g")
                            .pax("size", "3")
                            .pax("uid", "1")
                            .pax("gid", "2")
                            .pax("mtime", "3.5")
                            .symlink("l", "x")
                            .pax("linkpath", "y"),
                    """
                    f g "abc" 1:2 @3.500000000
                    l l -> y
                    """);
        }

        @Test
        void lastOfRepeatedRecordsCounts() {
            expect(layer().file("f", "").pax("path", "a").pax("path", "b"), "f b \"\"\n");
        }

        @Test
        void binaryXattrs() {
            expect(
                    layer().file("f", "")
                            .xattr("user.a", "x=\n\0y")
                            .xattr("security.capability", "\1\0\0\2")
                            .xattr("user.empty", "")
                            .xattr("user.\u00e9", "1"),
                    "f f \"\" security.capability=\"\\x01\\x00\\x00\\x02\" user.a=\"x=\\x0a\\x00y\""
                            + " user.empty=\"\" user.\\xe9=\"1\"\n");
        }

        @Test
        void globalHeadersAreNoFilesAndChangeNothing() {
            expect(
                    layer().global("comment", "0123").file("f", "x").global("uid", "7").dir("d"),
                    """
                    d d
                    f f "x"
                    """);
        }

        @Test
        void unknownKeysAreIgnored() {
            expect(layer().file("f", "").pax("ACME.thing", "1"), "f f \"\"\n");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "x",
                    "0 a=b\n",
                    "-6 a=b\n",
                    "6 a=b",
                    "7 a=b\n",
                    "99999999999999999999 a=b\n",
                    "99999 a=b\n",
                    "6 abc\n",
                    "5 =b\n",
                    "10 a=b\n",
                    "11 path=a\0b\n",
                    "9 size=x\n",
                    "10 size=-1\n",
                    "12 mtime=1x\n",
                    "6a=bcd\n",
                })
        void malformedRecordsAreRefused(String records) {
            expectRefused(layer().rawPax(records).file("f", ""), "malformed");
        }

        @Test
        void headerWithoutAMemberIsRefused() {
            expectRefused(layer().rawPax("6 a=b\n"), "truncated");
            expectRefused(layer().rawPax("6 a=b\n").endBlocks(0), "truncated");
        }

        // Readers that took the header's size here saw members that others did not.
        @Test
        void attack22SizeOfTheRecordCountsNotTheHeaders() {
            byte[] smuggled = layer().file("smuggled", "").endBlocks(0).toBytes();
            StringBuilder text = new StringBuilder();
            for (byte b : smuggled) {
                text.append((char) (b & 0xff));
            }
            LayerBuilder outer =
                    layer().file("outer", text.toString()).size(0).pax("size", "512").dir("after");
            assertThat(Listing.ofTar(outer.toBytes()).toString())
                    .contains("f outer 512 bytes")
                    .contains("d after")
                    .doesNotContain("f smuggled");
        }

        @Test
        void attack23GiantHeaderIsRefusedBeforeItIsRead() {
            expectRefused(layer().member('x', "p").size(8L << 30), "extended header");
            expectRefused(layer().member('L', "p").size(8L << 30), "extended header");
            expectRefused(layer().rawPax("a".repeat(2 << 20)).file("f", ""), "extended header");
        }

        @Test
        void attack23EndlessSparseMapIsRefused() {
            expectRefused(
                    layer().file("f", "2000000000\n" + "0\n".repeat(1000))
                            .pax("GNU.sparse.major", "1")
                            .pax("GNU.sparse.minor", "0")
                            .pax("GNU.sparse.realsize", "0"),
                    "sparse map");
        }

        @ParameterizedTest
        @ValueSource(strings = {"9e9999999", "1e5", "0x10", "1.5e3", "+1", "", ".", "1.2.3"})
        void attack24TimesThatAreNoDecimalNumbersAreRefused(String time) {
            if (time.isEmpty()) {
                // an empty value leaves the header's time in force
                expect(layer().file("f", "").mtime(9).pax("mtime", time), "f f \"\" @9\n");
            } else {
                expectRefused(layer().file("f", "").pax("mtime", time), "mtime");
            }
        }

        @Test
        @Timeout(5)
        void attack24TimeOf300000DigitsCostsNothing() {
            expectRefused(layer().file("f", "").pax("mtime", "9".repeat(300_000)), "mtime");
            expect(
                    layer().file("f", "").pax("mtime", "1." + "3".repeat(300_000)),
                    "f f \"\" @1.333333333\n");
        }
    }

    @Nested
    class Sparse {
        @ParameterizedTest
        @EnumSource
        void everyFormIsExpanded(SparseForm form) {
            expect(
                    layer().sparse(form, "s", 20, new Piece(2, "ab"), new Piece(10, "c"))
                            .file("after", "x"),
                    """
                    f after "x"
                    f s "%s"
                    """
                            .formatted(
                                    "\\x00".repeat(2)
                                            + "ab"
                                            + "\\x00".repeat(6)
                                            + "c"
                                            + "\\x00".repeat(9)));
        }

        @ParameterizedTest
        @EnumSource
        void mapOfManyPieces(SparseForm form) {
            Piece[] pieces = new Piece[60];
            for (int i = 0; i < pieces.length; i++) {
                pieces[i] = new Piece(1000L * i, "p" + i);
            }
            byte[] expected = new byte[70_000];
            for (Piece piece : pieces) {
                byte[] data = piece.data().getBytes();
                System.arraycopy(data, 0, expected, (int) piece.offset(), data.length);
            }
            String plain = Listing.ofTar(layer().file("s", latin1(expected)).toBytes()).toString();
            expect(layer().sparse(form, "s", 70_000, pieces), plain);
        }

        @ParameterizedTest
        @EnumSource
        void fileOfOneHole(SparseForm form) {
            expect(
                    layer().sparse(form, "s", 3).file("after", ""),
                    """
                    f after ""
                    f s "\\x00\\x00\\x00"
                    """);
        }

        @ParameterizedTest
        @EnumSource
        void piecesThatOverlapOrPassTheEndAreRefused(SparseForm form) {
            LayerBuilder overlap =
                    layer().sparse(form, "s", 20, new Piece(5, "abcd"), new Piece(6, "c"));
            expectRefused(overlap, "sparse");
        }
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Nested
    class HeaderOnlyTypes {
        // Case hl-size-nonzero of the layer specification's discussions: old tars give links a
        // size.
        @ParameterizedTest
        @ValueSource(chars = {'2', '3', '4', '5', '6'})
        void noDataFollowsWhateverTheSizeSays(char type) {
            expect(
                    layer().member(type, "a").linkName("x").size(1024).file("b", "y"),
                    Listing.ofTar(layer().member(type, "a").linkName("x").file("b", "y").toBytes())
                            .toString());
        }

        @Test
        void hardLinkWithASize() {
            expect(
                    layer().file("a", "1").hardLink("h", "a").size(1024).file("b", "y"),
                    """
                    f a "1" = a
                    f b "y"
                    f h "1" = a
                    """);
        }
    }

    @Nested
    class EndOfArchive {
        private final LayerBuilder one = layer().file("f", "x");

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 20})
        void anyNumberOfZeroBlocks(int count) {
            expect(one.endBlocks(count), "f f \"x\"\n");
        }

        @Test
        void whatFollowsIsIgnored() {
            expect(one.trailer("garbage".getBytes()), "f f \"x\"\n");
            expect(one.trailer(layer().file("second", "").toBytes()), "f f \"x\"\n");
        }

        @Test
        void lastPaddingMayBeMissing() {
            expect(layer().file("f", "x").unpadded().endBlocks(0), "f f \"x\"\n");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 512, 1024, 10240})
        void nothingButZerosIsEmpty(int size) {
            expect(new byte[size], "");
        }

        @Test
        void oneZeroBlockBetweenMembersIsRefused() {
            expectRefused(one.endBlocks(1).trailer(layer().file("g", "").toBytes()), "zero block");
        }
    }

    @Nested
    class Damage {
        private final byte[] whole =
                layer().dir("d")
                        .file("d/" + "n".repeat(120), "c".repeat(1500))
                        .xattr("user.a", "b")
                        .symlink("l".repeat(120), "t".repeat(120))
                        .gnu()
                        .sparse(SparseForm.PAX_1_0, "s", 5000, new Piece(1000, "data"))
                        .sparse(SparseForm.OLD_GNU, "o", 5000, new Piece(1000, "data"))
                        .endBlocks(0)
                        .toBytes();

        /// Cut at every block: what is left is either a whole number of members or refused.
        @Test
        void truncatedAnywhere() {
            String all = Listing.ofTar(whole).toString();
            int refused = 0;
            for (int length = 0; length < whole.length; length += 256) {
                try {
                    String some = Listing.ofTar(Arrays.copyOf(whole, length)).toString();
                    assertThat(all.lines()).containsAll(some.lines().toList());
                } catch (UndockerException e) {
                    assertThat(e.sentence()).matches("(malformed|truncated) tar.*");
                    refused++;
                }
            }
            assertThat(refused).isGreaterThan(whole.length / 512);
        }

        @Test
        void cutInsideTheContentIsRefused() {
            byte[] tar = layer().file("f", "x".repeat(2000)).toBytes();
            for (int length = 512; length < 512 + 2000; length += 100) {
                expectRefused(Arrays.copyOf(tar, length), "truncated tar");
            }
        }

        /// Random bytes, and random bytes behind a good member: a sentence, never another failure.
        @Test
        void randomBytesAreRefused() throws IOException {
            SplittableRandom random = new SplittableRandom(42);
            byte[] good = layer().file("f", "x").endBlocks(0).toBytes();
            for (int i = 0; i < 300; i++) {
                byte[] noise = new byte[random.nextInt(1, 4000)];
                random.nextBytes(noise);
                expectRefused(noise, " tar");
                ByteArrayOutputStream both = new ByteArrayOutputStream();
                both.write(good);
                both.write(noise);
                expectRefused(both.toByteArray(), " tar");
            }
        }

        /// Single wrong bytes: members or a sentence, never another failure.
        @Test
        void flippedBytesNeverCrash() throws IOException {
            SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < 3000; i++) {
                byte[] broken = whole.clone();
                int at = random.nextInt(broken.length);
                broken[at] = (byte) random.nextInt();
                try (TestFile file = TestFile.of(broken)) {
                    TarReader reader = new TarReader(file.slice());
                    while (reader.next() != null) {
                        // reading on is the test
                    }
                } catch (UndockerException e) {
                    assertThat(e.sentence()).isNotBlank();
                }
            }
        }
    }
}
