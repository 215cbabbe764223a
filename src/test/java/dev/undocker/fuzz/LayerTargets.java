package dev.undocker.fuzz;

import static dev.undocker.testing.LayerBuilder.layer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LayerBuilder.Piece;
import dev.undocker.testing.LayerBuilder.SparseForm;
import dev.undocker.testing.LayerStacks;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What a layer is made of: members, their extended headers and maps, and how it is packed.
///
/// A layer that is accepted must give the same bytes when it comes packed, and when its flattening
/// is flattened again.
final class LayerTargets {
    private static final int BLOCK = 512;

    /// More is not written: a sparse file may claim any size.
    private static final long MOST_CONTENT = 1 << 20;

    private static final byte[] BASE =
            layer().dir("a/").file("a/b", "x").symlink("l", "a").hardLink("c", "a/b").toBytes();

    private LayerTargets() {}

    static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget("members", members(), input -> flatten(mended(input))),
                new FuzzTarget(
                        "pax",
                        texts(
                                "16 path=dir/name\n",
                                "19 linkpath=target\n30 mtime=1350244992.023960108\n",
                                "20 size=0000000010\n",
                                "12 uid=1000\n12 gid=1000\n",
                                "31 SCHILY.xattr.user.name=valu\n",
                                "36 LIBARCHIVE.xattr.user.x=dmFsdWU=\n",
                                "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n",
                                "28 GNU.sparse.map=0,1,5,1\n" + "24 GNU.sparse.size=1000\n"),
                        input ->
                                flatten(
                                        layer().rawPax(text(input))
                                                .file("f", "0123456789")
                                                .rawPax(text(input))
                                                .hardLink("g", "f")
                                                .toBytes())),
                new FuzzTarget(
                        "global",
                        texts("16 path=dir/name\n", "17 comment=hello\n"),
                        input ->
                                flatten(
                                        layer().member('g', "g")
                                                .data(text(input))
                                                .file("f", "x")
                                                .toBytes())),
                new FuzzTarget(
                        "gnu-names",
                        texts("name\0", "dir/".repeat(40) + "name\0", "../x", "", "/"),
                        input ->
                                flatten(
                                        layer().member('L', "././@LongLink")
                                                .data(text(input))
                                                .file("f", "x")
                                                .member('K', "././@LongLink")
                                                .data(text(input))
                                                .symlink("s", "x")
                                                .toBytes())),
                new FuzzTarget(
                        "sparse-data",
                        texts("1\n0\n5\n", "2\n0\n512\n1024\n512\n", "0\n", "1\n5\n0\n"),
                        input ->
                                flatten(
                                        layer().file("f", sparse(input))
                                                .pax("GNU.sparse.major", "1")
                                                .pax("GNU.sparse.minor", "0")
                                                .pax("GNU.sparse.name", "f")
                                                .pax("GNU.sparse.realsize", "2000")
                                                .toBytes())),
                new FuzzTarget(
                        "sparse-map",
                        texts("0,5", "0,5,10,5", "", "5,0", "1,1,1,1"),
                        input ->
                                flatten(
                                        layer().file("f", "0123456789")
                                                .pax("GNU.sparse.map", text(input))
                                                .pax("GNU.sparse.size", "2000")
                                                .toBytes())),
                new FuzzTarget(
                        "compressed",
                        Arrays.stream(Packing.values()).map(packing -> packing.pack(BASE)).toList(),
                        LayerTargets::decode));
    }

    private static List<byte[]> members() {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(BASE);
        seeds.add(layer().file("n".repeat(150), "x").gnu().toBytes());
        seeds.add(layer().file("n".repeat(150), "x").hardLink("h", "n".repeat(150)).toBytes());
        seeds.add(layer().file("f", "x").v7().charDevice("d", 1, 3).fifo("p").toBytes());
        for (SparseForm form : SparseForm.values()) {
            seeds.add(layer().sparse(form, "s", 5000, new Piece(1000, "data")).toBytes());
        }
        for (int seed = 0; seed < 12; seed++) {
            seeds.add(LayerStacks.of(seed).getLast().toBytes());
        }
        return seeds;
    }

    /// Room for the map, and data.
    private static String sparse(byte[] input) {
        return text(Arrays.copyOf(input, (input.length + BLOCK) / BLOCK * BLOCK))
                + "x".repeat(BLOCK);
    }

    static List<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(ISO_8859_1)).toList();
    }

    static String text(byte[] input) {
        return new String(input, ISO_8859_1);
    }

    /// Makes the checksums right, which no fuzzer would find.
    private static byte[] mended(byte[] input) {
        byte[] tar = Arrays.copyOf(input, (input.length + BLOCK - 1) / BLOCK * BLOCK + 2 * BLOCK);
        int at = 0;
        while (at + BLOCK <= input.length) {
            int sum = 8 * ' ';
            for (int i = 0; i < BLOCK; i++) {
                sum += i >= 148 && i < 156 ? 0 : tar[at + i] & 0xff;
            }
            byte[] field = "%06o\0 ".formatted(sum).getBytes(ISO_8859_1);
            System.arraycopy(field, 0, tar, at + 148, field.length);
            at += BLOCK + size(tar, at + 124);
        }
        return tar;
    }

    /// The blocks that a size field names, 0 when it is none.
    private static int size(byte[] tar, int at) {
        String digits = new String(tar, at, 11, ISO_8859_1).strip();
        return digits.matches("0*[0-7]{1,6}")
                ? (Integer.parseInt(digits, 8) + BLOCK - 1) / BLOCK * BLOCK
                : 0;
    }

    private static void flatten(byte[] layer) throws IOException {
        byte[] plain = flattened(List.of(BASE, layer));
        byte[] packed = flattened(List.of(BASE, ImageBuilder.gzip(layer)));
        if (!Arrays.equals(plain, packed)) {
            throw new AssertionError("the packed layer gives something else");
        }
        if (plain != null && !Arrays.equals(plain, flattened(List.of(plain)))) {
            throw new AssertionError("the flattened tar does not give itself");
        }
    }

    /// The tar, or names alone where it would be large; null when it is refused.
    private static byte @Nullable [] flattened(List<byte[]> layers) throws IOException {
        try (Flatten flatten = Flatten.ofTars(layers)) {
            long content = 0;
            for (RootfsEntry entry : flatten.entries()) {
                if (entry.inode() instanceof Inode.RegularFile file
                        && !(entry instanceof RootfsEntry.HardLink)) {
                    content += file.content().size();
                    if (content > MOST_CONTENT || content < 0) {
                        throw new UndockerException("too large to be tried");
                    }
                }
            }
            return flatten.tar();
        } catch (UndockerException e) {
            return null;
        }
    }

    private static void decode(byte[] input) throws IOException {
        try (InputStream in = Compression.decoded(new ByteArrayInputStream(input), 0)) {
            byte[] buffer = new byte[1 << 16];
            long all = 0;
            for (int n = in.read(buffer); n >= 0 && all < MOST_CONTENT; n = in.read(buffer)) {
                all += n;
            }
        }
    }
}
