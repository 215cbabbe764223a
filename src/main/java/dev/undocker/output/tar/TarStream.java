package dev.undocker.output.tar;

import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.tar.TarHeaderWriter;

import java.io.IOException;

/// Turns entries into the bytes of one tar: POSIX ustar with PAX records, closed by two zero
/// blocks. Sparse files are written in full. Not thread-safe.
final class TarStream {
    private static final int BLOCK = 512;

    private final TarHeaderWriter header;
    private final SlabWriter out;

    TarStream(SlabWriter.Target target, boolean dotPrefix) {
        header = new TarHeaderWriter(dotPrefix);
        out = new SlabWriter(target);
    }

    void write(RootfsEntry entry) throws IOException {
        header.write(entry);
        out.write(header.bytes(), header.length());
        if (entry instanceof RootfsEntry.Node node
                && node.inode() instanceof Inode.RegularFile file) {
            write(file.content());
            out.zeros(-file.content().size() & (BLOCK - 1));
        }
    }

    private void write(Content content) throws IOException {
        switch (content) {
            case Content.Plain plain -> out.slice(plain.file(), plain.offset(), plain.size());
            case Content.Generated generated ->
                    out.write(generated.data(), generated.data().length);
            case Content.Sparse sparse -> {
                long position = 0;
                for (Content.Segment segment : sparse.segments()) {
                    out.zeros(segment.position() - position);
                    out.slice(
                            segment.data().file(),
                            segment.data().offset(),
                            segment.data().length());
                    position = segment.position() + segment.data().length();
                }
                out.zeros(sparse.size() - position);
            }
        }
    }

    /// Writes the end of the archive and all that is still pending.
    void end() throws IOException {
        out.zeros(2 * BLOCK);
        out.flush();
    }
}
