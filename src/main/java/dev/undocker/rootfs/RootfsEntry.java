package dev.undocker.rootfs;

/// One name of the merged root file system, as writers receive it: the root directory first,
/// parents before children, the first name of an inode before its links, every path once.
public sealed interface RootfsEntry {
    RootfsPath path();

    /// What the name points to.
    Inode inode();

    /// The first name of an inode: it carries the content. For the root itself the path is
    /// [RootfsPath#ROOT] and the inode a directory.
    record Node(RootfsPath path, Inode inode) implements RootfsEntry {}

    /// A further name of a non-directory inode whose first name was given before.
    ///
    /// @param target the first name
    /// @param inode the same object that came with the first name
    record HardLink(RootfsPath path, RootfsPath target, Inode inode) implements RootfsEntry {}
}
