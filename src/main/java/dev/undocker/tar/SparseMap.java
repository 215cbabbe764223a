package dev.undocker.tar;

import dev.undocker.content.FileSlice;
import dev.undocker.rootfs.Content;

import java.util.ArrayList;
import java.util.List;

/// Turns a sparse member's packed data and its map into content with holes. Old GNU headers and PAX
/// 0.0, 0.1 and 1.0 differ only in where the map stands
/// (<https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html>).
final class SparseMap {
    /// More pairs than this are refused: each costs memory, and an honest file has few.
    private static final int MAX_PAIRS = 1 << 20;

    private final List<Long> numbers = new ArrayList<>();

    void add(long offset, long length) {
        numbers.add(offset);
        numbers.add(length);
        requireBounded();
    }

    static SparseMap of(List<Long> offsetsAndLengths) {
        if (offsetsAndLengths.size() % 2 != 0) {
            throw TarNumber.malformed("sparse map");
        }
        SparseMap map = new SparseMap();
        map.numbers.addAll(offsetsAndLengths);
        map.requireBounded();
        return map;
    }

    private void requireBounded() {
        if (numbers.size() / 2 > MAX_PAIRS) {
            throw TarNumber.malformed("sparse map has too many pieces");
        }
    }

    /// @param packed the data pieces one after the other
    /// @param size the file's size with its holes
    Content content(FileSlice packed, long size) {
        List<Content.Segment> segments = new ArrayList<>();
        long used = 0;
        long end = 0;
        for (int i = 0; i < numbers.size(); i += 2) {
            long offset = numbers.get(i);
            long length = numbers.get(i + 1);
            if (offset < end
                    || length < 0
                    || offset > size
                    || length > size - offset
                    || length > packed.length() - used) {
                throw TarNumber.malformed("sparse map");
            }
            if (length > 0) {
                segments.add(new Content.Segment(offset, packed.slice(used, length)));
            }
            used += length;
            end = offset + length;
        }
        if (used != packed.length()) {
            throw TarNumber.malformed("sparse map does not cover the data");
        }
        return new Content.Sparse(segments, size);
    }
}
