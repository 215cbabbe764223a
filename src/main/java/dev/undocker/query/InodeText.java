package dev.undocker.query;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;

/// Inodes in words.
public final class InodeText {
    private InodeText() {}

    /// What it is, without an article.
    public static String kind(Inode inode) {
        return switch (inode) {
            case Inode.Directory _ -> "directory";
            case Inode.RegularFile _ -> "regular file";
            case Inode.Symlink _ -> "symbolic link";
            case Inode.CharacterDevice _ -> "character device";
            case Inode.BlockDevice _ -> "block device";
            case Inode.Fifo _ -> "FIFO";
        };
    }

    /// What it is and what is special to that: the size, the link's text, the numbers. For [Prose].
    public static String described(Inode inode) {
        String special =
                switch (inode) {
                    case Inode.RegularFile file -> " of " + bytes(file.content().size());
                    case Inode.Symlink link -> " to " + Prose.tied(ShownName.of(link.target()));
                    case Inode.CharacterDevice _, Inode.BlockDevice _ -> " " + numbers(inode);
                    case Inode.Directory _, Inode.Fifo _ -> "";
                };
        return kind(inode) + special;
    }

    /// The same with mode and owner.
    public static String whole(Inode inode) {
        return described(inode)
                + ", "
                + Prose.tied("mode " + mode(inode.metadata()))
                + ", "
                + Prose.tied("owner " + owner(inode.metadata()));
    }

    /// A device's numbers; empty for what is none.
    static String numbers(Inode inode) {
        return switch (inode) {
            case Inode.CharacterDevice device -> device.major() + ":" + device.minor();
            case Inode.BlockDevice device -> device.major() + ":" + device.minor();
            case Inode.Directory _, Inode.RegularFile _, Inode.Symlink _, Inode.Fifo _ -> "";
        };
    }

    private static String bytes(long count) {
        return count + (count == 1 ? " byte" : " bytes");
    }

    /// Four octal digits.
    public static String mode(Metadata metadata) {
        String digits = Integer.toOctalString(metadata.mode());
        return "0".repeat(4 - digits.length()) + digits;
    }

    public static String owner(Metadata metadata) {
        return metadata.uid() + ":" + metadata.gid();
    }
}
