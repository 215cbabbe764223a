package dev.undocker.output.tar;

import dev.undocker.Events.Task;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoder;
import dev.undocker.codec.Encoding;
import dev.undocker.output.OutputRequest;
import dev.undocker.rootfs.RootfsEntry;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/// One tar in the making, or another archive, raw or compressed: `accept`* `finish` `close`, by one
/// thread. The channel stays the caller's to close.
public final class TarOutput implements Closeable {
    /// Larger writes make the kernel look for memory in larger pieces, which on virtual machines
    /// take ten times as long when the host has to give them first.
    private static final int PIECE = 256 << 10;

    /// A header of one block, and half a block of padding behind the content.
    private static final long USUAL_HEADER = 512 + 256;

    private final WritableByteChannel channel;
    private final String name;
    private final @Nullable Encoder encoder;
    private final WatchedSlabs watch;
    private final WriteBehind behind;
    private final SlabWriter slabs;
    private final ArchiveFormat.Stream archive;

    /// @param name of the file, for messages
    /// @param dotPrefix true to write names as `./a`
    /// @param task is told how much of the files' content is written, and closed at the end
    public TarOutput(
            WritableByteChannel channel,
            String name,
            Encoding encoding,
            boolean dotPrefix,
            Task task) {
        this(channel, name, encoding, new TarFormat(dotPrefix), task);
    }

    /// The same for any format.
    TarOutput(
            WritableByteChannel channel,
            String name,
            Encoding encoding,
            ArchiveFormat format,
            Task task) {
        this.channel = channel;
        this.name = name;
        watch = new WatchedSlabs(task);
        behind = new WriteBehind(this::write, watch);
        try {
            encoder =
                    encoding.compression() == Compression.NONE
                            ? null
                            : encoding.open(leftOpen(channel), watch::written);
        } catch (IOException e) {
            throw UndockerException.because(name, e);
        }
        slabs = new SlabWriter(behind);
        archive = format.open(slabs);
    }

    /// An encoder closes its stream with itself, but the file is still to be brought to the disk.
    private static OutputStream leftOpen(WritableByteChannel channel) {
        return new FilterOutputStream(Channels.newOutputStream(channel)) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() {}
        };
    }

    /// How the tar of all that `request` asks for is compressed.
    ///
    /// @param level null for the format's usual one
    public static Encoding encoding(
            Compression compression, @Nullable Integer level, OutputRequest request) {
        long headers = request.sizes().entries() * USUAL_HEADER;
        return new Encoding(
                compression, level, request.threads(), headers + request.sizes().contentBytes());
    }

    /// The task of writing all that `request` asks for.
    public static Task task(Compression compression, OutputRequest request) {
        return request.events()
                .task(
                        compression == Compression.NONE ? "write" : "compress",
                        request.sizes().contentBytes());
    }

    /// What an archive of all that takes at least where it is not compressed.
    static long smallestSize(ArchiveFormat format, OutputRequest.Totals sizes) {
        return sizes.entries() * format.smallestHeader() + sizes.contentBytes();
    }

    private void write(ByteBuffer slab) throws IOException {
        try {
            if (encoder == null) {
                writePieces(slab);
            } else {
                encoder.write(slab);
            }
        } catch (IOException e) {
            throw UndockerException.because(name, e);
        }
    }

    private void writePieces(ByteBuffer slab) throws IOException {
        int end = slab.limit();
        while (slab.position() < end) {
            slab.limit(Math.min(end, slab.position() + PIECE));
            watch.written(channel.write(slab));
        }
    }

    /// Takes the next member. Entries come in the order that [RootfsEntry] promises.
    public void accept(RootfsEntry entry) throws IOException {
        archive.write(entry);
    }

    /// Writes the end; all bytes are in the channel afterwards.
    public void finish() throws IOException {
        archive.end();
        slabs.flush();
        if (encoder != null) {
            behind.run(() -> finish(encoder));
        }
        behind.await();
        watch.close();
    }

    private void finish(Encoder whole) throws IOException {
        try {
            whole.close();
        } catch (IOException e) {
            throw UndockerException.because(name, e);
        }
    }

    /// Stops the threads where the tar is not finished; does not wait for them, who may be inside
    /// an encoder for long. So that no encoder is closed while it is at work, its own thread does
    /// it. May be called by another thread. Idempotent.
    @Override
    public void close() {
        behind.stop(encoder == null ? () -> {} : encoder::abort);
    }
}
