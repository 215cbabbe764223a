package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.testing.LayerBuilder.Piece;
import dev.undocker.testing.LayerBuilder.SparseForm;

import java.util.List;
import java.util.stream.Collectors;

/// Sparse members in the four forms that GNU tar has written over the years
/// (<https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html>).
final class SparseMember {
    private static final int PAIRS_IN_HEADER = 4;
    private static final int PAIRS_IN_BLOCK = 21;

    private SparseMember() {}

    static RawMember of(SparseForm form, String name, int size, List<Piece> pieces) {
        RawMember member = new RawMember('0', name, 0644);
        String packed = pieces.stream().map(Piece::data).collect(Collectors.joining());
        member.data = packed.getBytes(ISO_8859_1);
        member.content = new byte[size];
        for (Piece piece : pieces) {
            byte[] data = piece.data().getBytes(ISO_8859_1);
            System.arraycopy(data, 0, member.content, (int) piece.offset(), data.length);
        }
        switch (form) {
            case OLD_GNU -> oldGnu(member, size, pieces);
            case PAX_0_0 -> {
                record(member, "GNU.sparse.size", size);
                record(member, "GNU.sparse.numblocks", pieces.size());
                for (Piece piece : pieces) {
                    record(member, "GNU.sparse.offset", piece.offset());
                    record(member, "GNU.sparse.numbytes", piece.data().length());
                }
            }
            case PAX_0_1 -> {
                record(member, "GNU.sparse.size", size);
                record(member, "GNU.sparse.numblocks", pieces.size());
                member.pax.add(new RawMember.Record("GNU.sparse.name", name));
                member.pax.add(
                        new RawMember.Record(
                                "GNU.sparse.map",
                                pieces.stream()
                                        .map(p -> p.offset() + "," + p.data().length())
                                        .collect(Collectors.joining(","))));
                member.name = "GNUSparseFile.0/" + name;
            }
            case PAX_1_0 -> {
                record(member, "GNU.sparse.major", 1);
                record(member, "GNU.sparse.minor", 0);
                member.pax.add(new RawMember.Record("GNU.sparse.name", name));
                record(member, "GNU.sparse.realsize", size);
                member.name = "GNUSparseFile.0/" + name;
                String map =
                        pieces.size()
                                + "\n"
                                + pieces.stream()
                                        .map(p -> p.offset() + "\n" + p.data().length() + "\n")
                                        .collect(Collectors.joining());
                String padding = "\0".repeat(-map.length() & (RawMember.BLOCK - 1));
                member.data = (map + padding + packed).getBytes(ISO_8859_1);
            }
        }
        return member;
    }

    private static void record(RawMember member, String key, long value) {
        member.pax.add(new RawMember.Record(key, Long.toString(value)));
    }

    private static void oldGnu(RawMember member, int size, List<Piece> pieces) {
        member.type = 'S';
        member.magic = "ustar  \0";
        member.size = (long) member.data.length;
        int first = Math.min(PAIRS_IN_HEADER, pieces.size());
        member.patches.add(patch(386, pairs(pieces.subList(0, first))));
        member.patches.add(patch(483, octal(size)));
        List<Piece> rest = pieces.subList(first, pieces.size());
        if (rest.isEmpty()) {
            return;
        }
        member.patches.add(patch(482, "\1"));
        StringBuilder blocks = new StringBuilder();
        while (!rest.isEmpty()) {
            int count = Math.min(PAIRS_IN_BLOCK, rest.size());
            String block = pairs(rest.subList(0, count));
            rest = rest.subList(count, rest.size());
            blocks.append(block).append("\0".repeat(504 - block.length()));
            blocks.append(rest.isEmpty() ? "\0" : "\1").append("\0".repeat(7));
        }
        member.data = (blocks + new String(member.data, ISO_8859_1)).getBytes(ISO_8859_1);
    }

    private static RawMember.Patch patch(int offset, String bytes) {
        return new RawMember.Patch(offset, bytes.getBytes(ISO_8859_1));
    }

    private static String pairs(List<Piece> pieces) {
        return pieces.stream()
                .map(piece -> octal(piece.offset()) + octal(piece.data().length()))
                .collect(Collectors.joining());
    }

    private static String octal(long number) {
        return "%011o\0".formatted(number);
    }
}
