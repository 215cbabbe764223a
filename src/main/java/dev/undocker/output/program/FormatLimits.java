package dev.undocker.output.program;

import dev.undocker.Warnings;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/// What of an inode's metadata a format has no place for.
///
/// @param format for messages
/// @param namespaces what extended attributes may begin with, such as `user.`
/// @param firstSecond the earliest time
/// @param lastSecond the latest one
/// @param hasNanoseconds false where times are whole seconds
public record FormatLimits(
        String format,
        Set<String> namespaces,
        long firstSecond,
        long lastSecond,
        boolean hasNanoseconds) {
    /// Of what has a place for everything, or is checked by somebody else.
    public static final FormatLimits NONE =
            new FormatLimits("", Set.of(""), Long.MIN_VALUE, Long.MAX_VALUE, true);

    public FormatLimits {
        namespaces = Set.copyOf(namespaces);
    }

    /// For one output.
    ///
    /// @param warnings hear of each kind of loss once
    public Check check(Warnings warnings) {
        return new Check(this, warnings);
    }

    /// The same for entries that nobody writes.
    ///
    /// @param warnings hear of each kind of loss once
    public void foresee(Iterable<RootfsEntry> entries, Warnings warnings) {
        Check check = check(warnings);
        entries.forEach(check::held);
        check.tell();
    }

    private boolean holds(Xattr xattr) {
        String name = new String(xattr.name(), StandardCharsets.ISO_8859_1);
        return namespaces.stream().anyMatch(name::startsWith);
    }

    private long clamped(Metadata metadata) {
        return Math.clamp(metadata.mtimeSeconds(), firstSecond, lastSecond);
    }

    /// The same object where nothing is lost.
    private Metadata held(Metadata metadata) {
        long seconds = clamped(metadata);
        boolean same = seconds == metadata.mtimeSeconds();
        int nanos = hasNanoseconds && same ? metadata.mtimeNanos() : 0;
        if (same
                && nanos == metadata.mtimeNanos()
                && metadata.xattrs().stream().allMatch(this::holds)) {
            return metadata;
        }
        return new Metadata(
                metadata.mode(),
                metadata.uid(),
                metadata.gid(),
                seconds,
                nanos,
                metadata.xattrs().stream().filter(this::holds).toList());
    }

    /// Looks at all entries of one output. Not thread-safe.
    public static final class Check {
        private final FormatLimits limits;
        private final Warnings warnings;
        private final Loss xattrs = new Loss();
        private final Loss times = new Loss();
        private final Loss nanoseconds = new Loss();

        /// By identity.
        private final Map<Inode, Inode> changed = new IdentityHashMap<>();

        private Check(FormatLimits limits, Warnings warnings) {
            this.limits = limits;
            this.warnings = warnings;
        }

        /// The entry with all that the format holds of it. Names of one inode stay names of one.
        public RootfsEntry held(RootfsEntry entry) {
            return switch (entry) {
                case RootfsEntry.Node(RootfsPath path, Inode inode) -> {
                    Metadata held = held(path, inode.metadata());
                    if (held == inode.metadata()) {
                        yield entry;
                    }
                    Inode other = inode.withMetadata(held);
                    changed.put(inode, other);
                    yield new RootfsEntry.Node(path, other);
                }
                case RootfsEntry.HardLink(RootfsPath path, RootfsPath target, Inode inode) -> {
                    Inode other = changed.get(inode);
                    yield other == null ? entry : new RootfsEntry.HardLink(path, target, other);
                }
            };
        }

        private Metadata held(RootfsPath path, Metadata metadata) {
            for (Xattr xattr : metadata.xattrs()) {
                if (!limits.holds(xattr)) {
                    xattrs.add(path, RootfsPath.printable(xattr.name()));
                }
            }
            if (limits.clamped(metadata) != metadata.mtimeSeconds()) {
                times.add(path, "time");
            } else if (metadata.mtimeNanos() != 0 && !limits.hasNanoseconds) {
                nanoseconds.add(path, "time");
            }
            return limits.held(metadata);
        }

        /// Warns of what was lost.
        public void tell() {
            tell(xattrs, "%s has no such extended attribute");
            tell(times, "%s has no such year; the nearest is taken");
            tell(nanoseconds, "%s has whole seconds");
        }

        private void tell(Loss loss, String why) {
            if (loss.first != null) {
                warnings.warn(
                        "%s%s: lost: %s"
                                .formatted(
                                        loss.first,
                                        loss.count == 1
                                                ? ""
                                                : " and %d more".formatted(loss.count - 1),
                                        why.formatted(limits.format)));
            }
        }
    }

    /// One kind of loss: the first that was met, and how many there are.
    private static final class Loss {
        private @Nullable String first;
        private long count;

        void add(RootfsPath path, String what) {
            if (count++ == 0) {
                first = "%s: %s".formatted(path, what);
            }
        }
    }
}
