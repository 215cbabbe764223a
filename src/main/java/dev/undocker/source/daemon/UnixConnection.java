package dev.undocker.source.daemon;

import dev.undocker.content.BulkInputStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// A connection through a socket of the file system, for which Java has no [java.net.Socket] with
/// its time-outs.
final class UnixConnection implements Connection {
    private final SocketChannel channel;
    private final Selector selector;
    private long silenceMillis;

    /// @param channel connected; is closed with this, and on failure
    UnixConnection(SocketChannel channel) throws IOException {
        this.channel = channel;
        try {
            channel.configureBlocking(false);
            selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void patience(Duration silence) {
        silenceMillis = silence.toMillis();
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            if (channel.write(left) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    private void await(int operation) throws IOException {
        channel.keyFor(selector).interestOps(operation);
        int ready = selector.select(silenceMillis);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
        if (ready == 0) {
            throw new SocketTimeoutException("silent");
        }
    }

    @Override
    public InputStream input() {
        return new Input();
    }

    private final class Input extends BulkInputStream {
        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (true) {
                int count = channel.read(ByteBuffer.wrap(target, offset, length));
                if (count != 0) {
                    return count;
                }
                await(SelectionKey.OP_READ);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }
}
