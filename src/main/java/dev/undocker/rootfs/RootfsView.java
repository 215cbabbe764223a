package dev.undocker.rootfs;

import org.jspecify.annotations.Nullable;

import java.util.function.BiConsumer;

/// Looks into the merged root file system without writing it. Symbolic links are resolved inside
/// the root as a process in the container would see it; nothing of the host is ever touched.
/// Thread-safe.
public interface RootfsView {
    /// What stands at `path` itself, without following a link in its last component; links in its
    /// parents are followed.
    ///
    /// @return null when there is nothing, a parent is no directory, or the links loop
    @Nullable Inode lookup(RootfsPath path);

    /// What `path` leads to, links followed to the end.
    ///
    /// @return null when there is nothing, a parent is no directory, or the links loop
    @Nullable Inode resolve(RootfsPath path);

    /// True when `path` is a name of this root file system, as it stands: no link is followed.
    boolean contains(RootfsPath path);

    /// Gives every name below `directory` as it stands, parents first: no link is followed, and
    /// nothing is given where no directory is.
    void below(RootfsPath directory, BiConsumer<RootfsPath, Inode> taken);

    /// True when `path` is a name of this root file system and there are names below it.
    boolean hasContent(RootfsPath path);
}
