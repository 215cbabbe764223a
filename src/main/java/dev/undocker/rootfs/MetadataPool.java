package dev.undocker.rootfs;

import org.jspecify.annotations.Nullable;

/// Gives the same object for the same metadata: the files of an image have few different owners,
/// modes and times, and those that are alike mostly follow each other. What was not asked for in a
/// while is forgotten. Not thread-safe.
public final class MetadataPool {
    private final @Nullable Metadata[] recent = new @Nullable Metadata[1 << 10];

    public Metadata shared(Metadata metadata) {
        int slot = slot(metadata);
        Metadata known = recent[slot];
        if (known != null && isSame(known, metadata)) {
            return known;
        }
        recent[slot] = metadata;
        return metadata;
    }

    private int slot(Metadata metadata) {
        long sum = metadata.mtimeSeconds() * 31 + metadata.mtimeNanos();
        sum = (sum * 31 + metadata.mode()) * 31 + metadata.uid();
        return (int) (sum * 0x9e37_79b9_7f4a_7c15L >>> 54);
    }

    /// Records compare by code that is made when it is first needed, which takes long.
    private static boolean isSame(Metadata one, Metadata other) {
        return one.mtimeSeconds() == other.mtimeSeconds()
                && one.mtimeNanos() == other.mtimeNanos()
                && one.mode() == other.mode()
                && one.uid() == other.uid()
                && one.gid() == other.gid()
                && one.xattrs().isEmpty()
                && other.xattrs().isEmpty();
    }
}
