package dev.undocker.output.cpio;

import dev.undocker.output.tar.ArchiveFormat;
import dev.undocker.output.tar.SlabWriter;
import dev.undocker.rootfs.Inode;

import java.util.Map;

/// @param links how many names an inode has beside its first, by identity; filled before the first
///   entry is written
record CpioFormat(Map<Inode, Integer> links) implements ArchiveFormat {
    /// Without a name.
    private static final int HEADER = 110;

    @Override
    public Stream open(SlabWriter out) {
        return new CpioStream(out, links);
    }

    @Override
    public int smallestHeader() {
        return HEADER;
    }
}
