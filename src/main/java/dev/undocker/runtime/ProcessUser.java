package dev.undocker.runtime;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Whom a process runs as, in numbers.
///
/// @param uid 0 to 2³²−2
/// @param gid 0 to 2³²−2
/// @param groups supplementary groups, ascending, without `gid`
/// @param name the user's name in the image's `/etc/passwd`, null when it has none
/// @param named true when the image gives the user by name and no group, so that looking the name
///   up inside the container gives the same ids
/// @param home absolute; `/` when the image names none
public record ProcessUser(
        long uid, long gid, List<Long> groups, @Nullable String name, boolean named, String home) {
    public ProcessUser {
        groups = List.copyOf(groups);
    }

    /// True for uid 0 and gid 0 without further groups: what a container starts as anyway.
    public boolean isPlainRoot() {
        return uid == 0 && gid == 0 && groups.isEmpty();
    }
}
