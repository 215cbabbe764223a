package dev.undocker.content;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Path;

/// How much a file system still takes.
public final class FreeSpace {
    private FreeSpace() {}

    /// What to say when less than `bytes` are free where `existing` lies; null when there is
    /// enough, or when the file system tells no size, as ramfs does. No file is opened for that.
    public static @Nullable String shortage(Path existing, long bytes) {
        File place = existing.toFile();
        long free = place.getUsableSpace();
        return free < bytes && place.getTotalSpace() > 0
                ? "not enough space: %d bytes needed, %d free".formatted(bytes, free)
                : null;
    }
}
