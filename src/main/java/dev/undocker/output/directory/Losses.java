package dev.undocker.output.directory;

import dev.undocker.UndockerException;
import dev.undocker.linux.SystemCallException;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;

/// Counts what could not be kept, so that it can be said in one sentence. Thread-safe.
final class Losses {
    private final boolean fail;
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private long setIdPrograms;
    private final SortedSet<String> namespaces = new TreeSet<>();

    enum Kind {
        OWNER("owners of %d entries", "owner"),
        MODE("modes of %d entries", "mode"),
        DEVICE("%d device nodes", "device node"),
        FIFO("%d fifos", "fifo"),
        TIME("times of %d entries", "time"),
        XATTR("%d extended attributes", "extended attribute");

        private final String many;
        private final String one;

        Kind(String many, String one) {
            this.many = many;
            this.one = one;
        }
    }

    /// @param fail whether the first loss is a failure
    Losses(boolean fail) {
        this.fail = fail;
    }

    void add(Kind kind, RootfsPath path, SystemCallException why) {
        if (fail) {
            throw new UndockerException(
                            "%s: cannot keep its %s: %s"
                                    .formatted(path, kind.one, why.getMessage()),
                            why)
                    .withHint("run as root, or accept the loss with --rootless=warn");
        }
        synchronized (this) {
            counts.merge(kind, 1L, Long::sum);
        }
    }

    void addXattr(byte[] name, RootfsPath path, SystemCallException why) {
        add(Kind.XATTR, path, why);
        String text = new String(name, StandardCharsets.ISO_8859_1);
        synchronized (this) {
            namespaces.add(text.substring(0, text.indexOf('.') + 1) + "*");
        }
    }

    /// @param setId whether it is a program with a set-id bit, which now acts for another owner
    void addOwner(RootfsPath path, boolean setId, SystemCallException why) {
        add(Kind.OWNER, path, why);
        if (setId) {
            synchronized (this) {
                setIdPrograms++;
            }
        }
    }

    /// Null when nothing was lost.
    synchronized @Nullable String sentence() {
        if (counts.isEmpty()) {
            return null;
        }
        StringJoiner lost = new StringJoiner(", ", "not kept: ", "");
        counts.forEach((kind, count) -> lost.add(kind.many.formatted(count)));
        if (!namespaces.isEmpty()) {
            lost.add("namely " + String.join(" ", namespaces));
        }
        if (setIdPrograms > 0) {
            lost.add("so %d set-id programs act for another owner".formatted(setIdPrograms));
        }
        return lost.toString();
    }
}
