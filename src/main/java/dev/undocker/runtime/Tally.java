package dev.undocker.runtime;

import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// How many paths there are of a kind, and one of them.
final class Tally {
    private final String one;
    private final String many;
    private long count;
    private @Nullable RootfsPath example;

    Tally(String one, String many) {
        this.one = one;
        this.many = many;
    }

    void add(RootfsPath path) {
        if (count++ == 0) {
            example = path;
        }
    }

    /// Such as `the file /a` or `3 files such as /a`; empty when there is none.
    Optional<String> said() {
        return switch ((int) Math.min(count, 2)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of("the %s /%s".formatted(one, example));
            default -> Optional.of("%d %s such as /%s".formatted(count, many, example));
        };
    }
}
