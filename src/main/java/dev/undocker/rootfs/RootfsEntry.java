package dev.undocker.rootfs;

/// One name of the merged root file system, as writers receive it: the root directory first,
/// parents before children, the first name of an inode before its links, every path once.
public sealed interface RootfsEntry {
    RootfsPath path();

    /// The first name of an inode: it carries the content. For the root itself the path is
    /// [RootfsPath#ROOT] and the inode a directory.
    record Node(RootfsPath path, Inode inode) implements RootfsEntry {}

    /// A further name of a non-directory inode whose first name was given before.
    record HardLink(RootfsPath path, RootfsPath target) implements RootfsEntry {}
}
