package dev.undocker.image;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// What the user says about keeping what registries send.
///
/// @param use false keeps nothing, and takes nothing from what was kept
/// @param directory where to keep it; null for the customary place
/// @param limit how many bytes to keep at most
/// @param sync false does not wait until they are on the disk
public record CacheChoice(boolean use, @Nullable Path directory, long limit, boolean sync) {
    /// Ten gigabytes.
    public static final long STANDARD_LIMIT = 10_000_000_000L;

    public static final CacheChoice STANDARD = new CacheChoice(true, null, STANDARD_LIMIT, true);

    /// Nothing is kept.
    public static final CacheChoice NONE = new CacheChoice(false, null, 0, true);
}
