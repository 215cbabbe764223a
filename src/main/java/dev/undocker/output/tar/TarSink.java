package dev.undocker.output.tar;

import dev.undocker.codec.Compression;
import dev.undocker.output.Committed;
import dev.undocker.output.FileDestination;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// Writes the root file system as one tar, raw or compressed.
public final class TarSink implements RootfsSink {
    private final FileDestination destination;
    private final TarOutput tar;

    /// @param destination the sink's to commit and close
    /// @param level null for the format's usual one
    /// @param dotPrefix true to write names as `./a`
    public TarSink(
            FileDestination destination,
            Compression compression,
            @Nullable Integer level,
            int threads,
            boolean dotPrefix) {
        this.destination = destination;
        tar =
                new TarOutput(
                        destination.channel(),
                        destination.name(),
                        compression,
                        level,
                        threads,
                        dotPrefix);
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        tar.accept(entry);
    }

    @Override
    public void finish() throws IOException {
        tar.finish();
    }

    @Override
    public Committed commit() {
        return destination.commit();
    }

    @Override
    public void close() throws IOException {
        tar.close();
        destination.close();
    }
}
