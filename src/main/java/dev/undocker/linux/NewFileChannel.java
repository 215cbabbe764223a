package dev.undocker.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;

/// A new file that is written from its beginning on. One thread writes; [#close()] may be called by
/// another, after which writing fails.
public final class NewFileChannel implements WritableByteChannel {
    private static final int BUFFER = 1 << 16;

    private final NewFile file;
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER);
    private long position;
    private boolean closed;

    /// @param file closed with the channel
    public NewFileChannel(NewFile file) {
        this.file = file;
    }

    @Override
    public synchronized int write(ByteBuffer data) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        int length = data.remaining();
        if (data.isDirect()) {
            file.write(data, position);
        } else {
            for (int from = data.position(); data.hasRemaining(); from = data.position()) {
                int count = Math.min(data.remaining(), BUFFER);
                direct.clear().put(data.slice(from, count)).flip();
                file.write(direct, position + length - data.remaining());
                data.position(from + count);
            }
        }
        position += length;
        return length;
    }

    @Override
    public synchronized boolean isOpen() {
        return !closed;
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            file.close();
        }
    }
}
