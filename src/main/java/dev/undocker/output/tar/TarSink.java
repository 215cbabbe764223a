package dev.undocker.output.tar;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.output.Committed;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;

/// Writes the root file system as one tar, raw or compressed.
public final class TarSink implements RootfsSink {
    private final FileDestination destination;
    private final TarOutput tar;

    private TarSink(FileDestination destination, TarOutput tar) {
        this.destination = destination;
        this.tar = tar;
    }

    /// Opens the request's destination as a file.
    ///
    /// @param dotPrefix true to write names as `./a`
    public static TarSink open(OutputRequest request, Encoding encoding, boolean dotPrefix) {
        return open(request, encoding, new TarFormat(dotPrefix));
    }

    /// The same for another archive than a tar.
    public static TarSink open(OutputRequest request, Encoding encoding, ArchiveFormat format) {
        FileDestination file = FileDestination.open(request.destination(), request.events());
        try {
            return Handover.of(
                    file,
                    destination -> {
                        destination.expect(request);
                        if (encoding.compression() == Compression.NONE) {
                            destination.requireSpace(
                                    TarOutput.smallestSize(format, request.sizes()));
                        }
                        return new TarSink(
                                destination,
                                new TarOutput(
                                        destination.channel(),
                                        destination.name(),
                                        encoding,
                                        format,
                                        TarOutput.task(encoding.compression(), request)));
                    });
        } catch (IOException e) {
            throw UndockerException.because(file.name(), e);
        }
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
    public void sync() {
        destination.sync();
    }

    /// The file goes first: encoders may be at work for long, and end when they cannot write.
    @Override
    public void close() throws IOException {
        try (tar) {
            destination.close();
        }
    }
}
