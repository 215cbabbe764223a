package dev.undocker.output.incus;

import dev.undocker.Events.Task;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.output.Committed;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.tar.TarFile;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;
import java.util.List;

/// `metadata.tar.xz` and `rootfs.tar.xz`.
final class SplitSink implements RootfsSink {
    static final String METADATA = "metadata.tar.xz";
    static final String ROOTFS = "rootfs.tar.xz";

    private static final int DIRECTORY_MODE = 0755;

    private final DirectoryDestination destination;
    private final List<RootfsEntry> files;
    private final TarFile metadata;
    private final TarFile rootfs;

    private SplitSink(
            DirectoryDestination destination,
            List<RootfsEntry> files,
            TarFile metadata,
            TarFile rootfs) {
        this.destination = destination;
        this.files = List.copyOf(files);
        this.metadata = metadata;
        this.rootfs = rootfs;
    }

    /// @param destination the sink's from now on
    /// @param task of writing the root file system
    static SplitSink open(
            DirectoryDestination destination,
            List<RootfsEntry> files,
            Encoding encoding,
            Task task) {
        try {
            return Handover.of(
                    destination,
                    directory -> {
                        directory.setMode(DIRECTORY_MODE);
                        return Handover.of(
                                TarFile.open(
                                        directory,
                                        METADATA,
                                        Encoding.ofSmall(Compression.XZ),
                                        false,
                                        Task.UNHEARD),
                                metadata ->
                                        new SplitSink(
                                                directory,
                                                files,
                                                metadata,
                                                TarFile.open(
                                                        directory, ROOTFS, encoding, false, task)));
                    });
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
    public void sync() throws IOException {
        destination.sync();
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
