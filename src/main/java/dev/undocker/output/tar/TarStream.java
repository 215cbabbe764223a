package dev.undocker.output.tar;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.tar.TarHeaderWriter;

import java.io.IOException;

/// Turns entries into the bytes of one tar: POSIX ustar with PAX records, closed by two zero
/// blocks. Sparse files are written in full. Not thread-safe.
final class TarStream implements ArchiveFormat.Stream {
    private static final int BLOCK = 512;

    private final TarHeaderWriter header;
    private final SlabWriter out;

    TarStream(SlabWriter out, boolean dotPrefix) {
        header = new TarHeaderWriter(dotPrefix);
        this.out = out;
    }

    @Override
    public void write(RootfsEntry entry) throws IOException {
        header.write(entry);
        out.write(header.bytes(), header.length());
        if (entry instanceof RootfsEntry.Node node
                && node.inode() instanceof Inode.RegularFile file) {
            out.content(file.content());
            out.zeros(-file.content().size() & (BLOCK - 1));
        }
    }

    @Override
    public void end() throws IOException {
        out.zeros(2 * BLOCK);
    }
}
