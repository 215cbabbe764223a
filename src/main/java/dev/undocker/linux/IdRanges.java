package dev.undocker.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// Numbers of users or of groups.
public record IdRanges(List<Range> ranges) {
    /// Every number that can be an owner: 2³²−1 means "none" to the kernel.
    private static final Range ALL = new Range(0, 0xffff_ffffL);

    /// `size` numbers from `first` on.
    public record Range(long first, long size) {}

    public IdRanges {
        ranges = List.copyOf(ranges);
    }

    /// Those that exist in this process's user namespace: no file can be given to others. All,
    /// where the system does not say.
    public static IdRanges existing(IdKind kind) {
        try {
            return mapped(Files.readAllLines(kind.existing()));
        } catch (IOException unknown) {
            return new IdRanges(List.of(ALL));
        }
    }

    /// Those that root may map into a namespace by `newuidmap` and `newgidmap`. None, where the
    /// file is missing or cannot be read.
    public static IdRanges subordinateToRoot(IdKind kind) {
        try {
            return granted(Files.readAllLines(kind.subordinate(), StandardCharsets.ISO_8859_1));
        } catch (IOException missing) {
            return new IdRanges(List.of());
        }
    }

    /// @param lines `INSIDE OUTSIDE SIZE`
    static IdRanges mapped(List<String> lines) {
        List<Range> ranges = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            add(ranges, words[0], words[words.length - 1]);
        }
        return new IdRanges(ranges);
    }

    /// @param lines `OWNER:FIRST:SIZE`, the owner by name or number; of others nothing is taken
    static IdRanges granted(List<String> lines) {
        List<Range> ranges = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split(":", -1);
            if (words.length == 3 && (words[0].equals("root") || words[0].equals("0"))) {
                add(ranges, words[1], words[2]);
            }
        }
        return new IdRanges(ranges);
    }

    private static void add(List<Range> ranges, String first, String size) {
        try {
            ranges.add(new Range(Long.parseLong(first), Long.parseLong(size)));
        } catch (NumberFormatException malformed) {
            // as if it were not there, which is how the kernel's and shadow's readers take it
        }
    }

    /// True when each of `size` numbers from `first` on is among these.
    public boolean cover(long first, long size) {
        long next = first;
        while (next < first + size) {
            long end = endOfRangeAt(next);
            if (end <= next) {
                return false;
            }
            next = end;
        }
        return true;
    }

    private long endOfRangeAt(long id) {
        return ranges.stream()
                .filter(range -> range.first() <= id && id < range.first() + range.size())
                .mapToLong(range -> range.first() + range.size())
                .max()
                .orElse(id);
    }

    /// True when nothing is missing, as in the first user namespace of a system.
    public boolean isAll() {
        return cover(ALL.first(), ALL.size());
    }
}
