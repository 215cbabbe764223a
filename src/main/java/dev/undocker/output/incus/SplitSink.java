package dev.undocker.output.incus;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.output.Committed;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.tar.TarFile;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;
import java.util.List;

/// `metadata.tar.xz` and `rootfs.tar.xz`.
final class SplitSink implements RootfsSink {
    private static final int DIRECTORY_MODE = 0755;

    private final DirectoryDestination destination;
    private final List<RootfsEntry> files;
    private final TarFile metadata;
    private final TarFile rootfs;

    private SplitSink(DirectoryDestination destination, List<RootfsEntry> files, Encoding encoding)
            throws IOException {
        this.destination = destination;
        this.files = List.copyOf(files);
        destination.root().setMode(DIRECTORY_MODE);
        metadata =
                TarFile.open(
                        destination, "metadata.tar.xz", Encoding.ofSmall(Compression.XZ), false);
        rootfs = TarFile.open(destination, "rootfs.tar.xz", encoding, false);
    }

    /// @param destination the sink's from now on
    static SplitSink open(
            DirectoryDestination destination, List<RootfsEntry> files, Encoding encoding) {
        try {
            try {
                return new SplitSink(destination, files, encoding);
            } catch (UndockerException | IOException e) {
                destination.close();
                throw e;
            }
        } catch (IOException e) {
            throw UndockerException.because(destination.toString(), e);
        }
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        rootfs.tar().accept(entry);
    }

    @Override
    public void finish() throws IOException {
        rootfs.tar().finish();
        for (RootfsEntry file : files) {
            metadata.tar().accept(file);
        }
        metadata.tar().finish();
    }

    @Override
    public Committed commit() throws IOException {
        return destination.commit();
    }

    @Override
    public void close() throws IOException {
        try (destination;
                rootfs;
                metadata) {
            // closed in reverse order
        }
    }
}
