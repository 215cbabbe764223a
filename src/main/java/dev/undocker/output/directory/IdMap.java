package dev.undocker.output.directory;

import dev.undocker.UndockerException;

import java.util.ArrayList;
import java.util.List;

/// Which owner on this machine stands for which in the image, as in user_namespaces(7): ranges
/// `CONTAINER:HOST:SIZE`. Without a range every number stands for itself.
public final class IdMap {
    /// The highest number of an owner; 2³²−1 means "none" to the kernel.
    private static final long MAX = 0xffff_fffeL;

    private final String option;
    private final List<Range> ranges;

    /// `size` numbers from `container` on stand for those from `host` on.
    public record Range(long container, long host, long size) {}

    private IdMap(String option, List<Range> ranges) {
        this.option = option;
        this.ranges = List.copyOf(ranges);
    }

    /// @param option what the user typed them with, for messages
    /// @throws UndockerException when one is malformed or two overlap
    public static IdMap parse(String option, List<String> texts) {
        List<Range> ranges = new ArrayList<>();
        for (String text : texts) {
            Range range = range(option, text);
            for (Range other : ranges) {
                if (overlap(range.container(), other.container(), range, other)
                        || overlap(range.host(), other.host(), range, other)) {
                    throw UndockerException.usage(
                            "%s %s: overlaps another range".formatted(option, text));
                }
            }
            ranges.add(range);
        }
        return new IdMap(option, ranges);
    }

    private static boolean overlap(long from, long otherFrom, Range range, Range other) {
        return from < otherFrom + other.size() && otherFrom < from + range.size();
    }

    private static Range range(String option, String text) {
        String[] numbers = text.split(":", -1);
        if (numbers.length == 3) {
            try {
                Range range =
                        new Range(
                                Long.parseLong(numbers[0]),
                                Long.parseLong(numbers[1]),
                                Long.parseLong(numbers[2]));
                if (range.container() >= 0
                        && range.host() >= 0
                        && range.size() > 0
                        && range.size() <= MAX + 1
                        && range.container() + range.size() - 1 <= MAX
                        && range.host() + range.size() - 1 <= MAX) {
                    return range;
                }
            } catch (NumberFormatException malformed) {
                // said below
            }
        }
        throw UndockerException.usage("%s %s: not CONTAINER:HOST:SIZE".formatted(option, text))
                .withHint("for example %s 0:100000:65536".formatted(option));
    }

    /// What the user typed the ranges with.
    String option() {
        return option;
    }

    /// The ranges as the user typed them; none when every number stands for itself.
    public List<Range> ranges() {
        return ranges;
    }

    /// True when every number stands for itself.
    public boolean isIdentity() {
        return ranges.isEmpty();
    }

    /// The number on this machine, as unsigned int.
    ///
    /// @param what whose owner it is, for the message
    /// @throws UndockerException when no range holds `id`
    int host(long id, Object what) {
        if (ranges.isEmpty()) {
            return (int) id;
        }
        for (Range range : ranges) {
            long offset = id - range.container();
            if (offset >= 0 && offset < range.size()) {
                return (int) (range.host() + offset);
            }
        }
        throw new UndockerException("%s: id %d is outside every %s".formatted(what, id, option))
                .withHint("add a range that holds %d".formatted(id));
    }
}
