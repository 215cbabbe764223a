package dev.undocker.output.tar;

import dev.undocker.codec.Encoding;
import dev.undocker.output.Committed;
import dev.undocker.output.FileDestination;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;

/// Writes the root file system as one tar, raw or compressed.
public final class TarSink implements RootfsSink {
    private final FileDestination destination;
    private final TarOutput tar;

    /// Opens the request's destination as a file.
    ///
    /// @param dotPrefix true to write names as `./a`
    public TarSink(OutputRequest request, Encoding encoding, boolean dotPrefix) {
        destination = FileDestination.open(request.destination(), request.warnings());
        destination.expect(request.sizes().contentBytes());
        tar = new TarOutput(destination.channel(), destination.name(), encoding, dotPrefix);
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
