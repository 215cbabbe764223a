package dev.undocker.output.tar;

import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;

/// How entries become the bytes of an archive. Immutable.
public interface ArchiveFormat {
    /// One archive in the making. Not thread-safe.
    interface Stream {
        void write(RootfsEntry entry) throws IOException;

        /// Writes the end of the archive; what is still pending is the caller's to flush.
        void end() throws IOException;
    }

    /// @param out takes the bytes
    Stream open(SlabWriter out);

    /// What an entry takes at least beside its content.
    int smallestHeader();
}
