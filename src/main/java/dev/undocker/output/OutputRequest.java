package dev.undocker.output;

import dev.undocker.Events;
import dev.undocker.image.Image;
import dev.undocker.rootfs.RootfsView;

/// What one output is to be made from, and where.
///
/// @param destination as the user typed it: a path, or `-` for standard output where the writer
///   supports it
/// @param image name and config; writers do not touch its layers
/// @param rootfs for looking up files by name (passwd, group, programs)
/// @param sizes how much there is to write
/// @param threads how many threads the writer may keep busy, at least 1
/// @param durable whether what is written is to be on the disk in the end
public record OutputRequest(
        String destination,
        Image image,
        RootfsView rootfs,
        Totals sizes,
        int threads,
        boolean durable,
        Events events) {
    /// @param entries names in the root file system
    /// @param contentBytes how much data the regular files hold, without holes
    public record Totals(long entries, long contentBytes) {}
}
