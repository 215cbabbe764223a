package dev.undocker.output.directory;

import dev.undocker.UndockerException;
import dev.undocker.linux.Errno;
import dev.undocker.linux.SystemCallException;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import org.jspecify.annotations.Nullable;

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

    /// The first by name of the attributes for which there was no room.
    private @Nullable String tooLarge;

    private long tooLargeCount;

    enum Kind {
        OWNER("owner"),
        MODE("mode"),
        DEVICE("device node"),
        FIFO("FIFO"),
        TIME("time"),
        XATTR("extended attribute");

        private final String one;

        Kind(String one) {
            this.one = one;
        }

        private String counted(long count) {
            String s = count == 1 ? "" : "s";
            return switch (this) {
                case OWNER, MODE, TIME ->
                        one + s + " of " + (count == 1 ? "1 entry" : count + " entries");
                case DEVICE, FIFO, XATTR -> "%d %s%s".formatted(count, one, s);
            };
        }
    }

    /// @param fail whether the first loss is a failure
    Losses(boolean fail) {
        this.fail = fail;
    }

    void add(Kind kind, RootfsPath path, SystemCallException why) {
        add(kind, kind.one, path, why);
    }

    private void add(Kind kind, String what, RootfsPath path, SystemCallException why) {
        if (fail) {
            throw new UndockerException(
                            "%s: cannot keep its %s: %s".formatted(path, what, why.getMessage()),
                            why)
                    .withHint("run as root, or accept the loss with --rootless warn");
        }
        foresee(kind);
    }

    /// Counts what would be lost, which is no failure yet.
    synchronized void foresee(Kind kind) {
        counts.merge(kind, 1L, Long::sum);
    }

    /// @param setId as in [#addOwner]
    synchronized void foreseeOwner(boolean setId) {
        foresee(Kind.OWNER);
        setIdPrograms += setId ? 1 : 0;
    }

    synchronized void foreseeXattr(Xattr xattr) {
        foresee(Kind.XATTR);
        name(xattr);
    }

    private void name(Xattr xattr) {
        String name = RootfsPath.printable(xattr.name());
        namespaces.add(name.substring(0, name.indexOf('.') + 1) + "*");
    }

    void addXattr(Xattr xattr, RootfsPath path, SystemCallException why) {
        String name = RootfsPath.printable(xattr.name());
        String sized = "%s of %d bytes".formatted(name, xattr.value().length);
        add(Kind.XATTR, "extended attribute " + sized, path, why);
        synchronized (this) {
            name(xattr);
            if (why.is(Errno.ENOSPC, Errno.E2BIG, Errno.ERANGE)) {
                String one = "%s: %s: %s".formatted(path, sized, why.getMessage());
                tooLarge = tooLarge == null || one.compareTo(tooLarge) < 0 ? one : tooLarge;
                tooLargeCount++;
            }
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
        counts.forEach((kind, count) -> lost.add(kind.counted(count)));
        if (!namespaces.isEmpty()) {
            lost.add("namely " + String.join(" ", namespaces));
        }
        if (tooLarge != null) {
            lost.add("%d of them for their size, such as %s".formatted(tooLargeCount, tooLarge));
        }
        if (setIdPrograms > 0) {
            lost.add(
                    setIdPrograms == 1
                            ? "so 1 set-id program acts for another owner"
                            : "so %d set-id programs act for another owner"
                                    .formatted(setIdPrograms));
        }
        return lost.toString();
    }
}
