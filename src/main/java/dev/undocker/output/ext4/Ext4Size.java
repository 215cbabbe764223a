package dev.undocker.output.ext4;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;

/// How large an ext4 has to be for what is in it. Not thread-safe.
final class Ext4Size {
    static final int BLOCK = 4096;
    static final int INODE = 256;

    /// Those that every ext4 has, up to lost+found.
    private static final int RESERVED_INODES = 11;

    /// What an inode holds of a symbolic link (`EXT4_N_BLOCKS * 4 - 1`).
    private static final int FAST_SYMLINK = 59;

    /// A directory entry without its name, which is padded to 4 (`ext4_dir_entry_2`).
    private static final int ENTRY = 12;

    /// An extent maps at most this many blocks; four are in the inode, the rest in blocks of 340.
    private static final int EXTENT = 32768;

    private static final int EXTENTS_IN_BLOCK = 340;

    /// Group descriptors and what is reserved for more of them, bitmaps, lost+found.
    private static final long FIXED = 2048;

    private static final int SHARE_OF_GROUPS = 50;

    private long inodes = RESERVED_INODES;
    private long blocks;
    private long names;

    void add(RootfsEntry entry) {
        names += ENTRY + entry.path().name().length;
        Inode inode = entry.inode();
        if (entry instanceof RootfsEntry.HardLink && !(inode instanceof Inode.Symlink)) {
            return;
        }
        inodes++;
        if (!inode.metadata().xattrs().isEmpty()) {
            blocks++;
        }
        switch (inode) {
            // its names are counted together; each has a last block that is not full
            case Inode.Directory directory -> blocks += 1;
            case Inode.RegularFile file -> {
                long data = Math.ceilDiv(file.content().size(), BLOCK);
                blocks += data + data / EXTENT / EXTENTS_IN_BLOCK + (data > 4L * EXTENT ? 1 : 0);
            }
            case Inode.Symlink link -> blocks += link.target().length > FAST_SYMLINK ? 1 : 0;
            default -> {}
        }
    }

    /// How many inodes have to be there.
    long inodes() {
        return inodes;
    }

    /// How large its journal is: as mke2fs(8) makes it by default for file systems of this size.
    long journalMegabytes() {
        long megabytes = contentBlocks() * BLOCK >> 20;
        return megabytes < 512 ? 4 : megabytes < 1024 ? 16 : megabytes < 2048 ? 32 : 64;
    }

    private long contentBlocks() {
        // directories are filled to two thirds at worst when names come in any order
        return blocks + names * 3 / 2 / BLOCK;
    }

    /// The least size, in KiB.
    long kibibytes() {
        long all =
                contentBlocks()
                        + Math.ceilDiv(inodes * INODE, BLOCK)
                        + (journalMegabytes() << 20) / BLOCK
                        + FIXED;
        return (all + all / SHARE_OF_GROUPS) * (BLOCK / 1024);
    }
}
