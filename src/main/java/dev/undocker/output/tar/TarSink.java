package dev.undocker.output.tar;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoder;
import dev.undocker.output.FileDestination;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;

/// Writes the root file system as one tar, raw or compressed.
public final class TarSink implements RootfsSink {
    private final FileDestination destination;
    private final @Nullable Encoder encoder;
    private final TarStream tar;
    private byte[] chunk = new byte[0];

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
        try {
            encoder =
                    compression == Compression.NONE
                            ? null
                            : compression.encode(
                                    Channels.newOutputStream(destination.channel()),
                                    level,
                                    threads);
        } catch (IOException e) {
            throw UndockerException.because(destination.name(), e);
        }
        tar = new TarStream(this::write, dotPrefix);
    }

    private void write(ByteBuffer slab) throws IOException {
        try {
            if (encoder == null) {
                while (slab.hasRemaining()) {
                    destination.channel().write(slab);
                }
                return;
            }
            if (chunk.length < slab.remaining()) {
                chunk = new byte[slab.capacity()];
            }
            int length = slab.remaining();
            slab.get(chunk, 0, length);
            encoder.write(chunk, 0, length);
        } catch (IOException e) {
            throw UndockerException.because(destination.name(), e);
        }
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        tar.write(entry);
    }

    @Override
    public void finish() throws IOException {
        tar.end();
        if (encoder != null) {
            try {
                encoder.close();
            } catch (IOException e) {
                throw UndockerException.because(destination.name(), e);
            }
        }
    }

    @Override
    public void commit() throws IOException {
        destination.commit();
    }

    @Override
    public void close() throws IOException {
        if (encoder != null) {
            encoder.abort();
        }
        destination.close();
    }
}
