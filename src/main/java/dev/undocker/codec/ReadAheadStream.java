package dev.undocker.codec;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/// Reads a stream some pieces ahead in a thread of its own, so that a decoder and whoever takes
/// what it gives work at the same time. One thread reads it. A failure comes when all that was read
/// before it has been taken, as it would without.
///
/// The stream behind belongs to that thread until [#stop] returns.
public final class ReadAheadStream extends InputStream {
    private static final int PIECES = 4;
    private static final int PIECE = 256 << 10;

    /// What the thread has to say, in order; the last one is no piece.
    private sealed interface Message {
        record Piece(byte[] bytes, int length) implements Message {}

        record End() implements Message {}

        record Failure(Throwable cause) implements Message {}
    }

    private final InputStream in;
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(PIECES + 1);
    private final BlockingQueue<Message> ready = new ArrayBlockingQueue<>(PIECES + 1);
    private final CompletableFuture<@Nullable Void> finished = new CompletableFuture<>();
    private volatile boolean stopped;

    private Message current = new Message.Piece(new byte[0], 0);
    private int position;

    /// @param in closed with this
    /// @param name of the thread
    public ReadAheadStream(InputStream in, String name) {
        this.in = in;
        for (int i = 0; i < PIECES; i++) {
            free.add(new byte[PIECE]);
        }
        Thread thread = new Thread(this::readAll, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void readAll() {
        byte[] bytes = new byte[0];
        int filled = 0;
        try {
            while (!stopped) {
                if (filled == bytes.length) {
                    bytes = free.take();
                    filled = 0;
                }
                int count = bytes.length == 0 ? 0 : in.read(bytes, filled, bytes.length - filled);
                filled += Math.max(0, count);
                if (count < 0 || filled == bytes.length) {
                    ready.add(new Message.Piece(bytes, filled));
                }
                if (count < 0) {
                    ready.add(new Message.End());
                    return;
                }
            }
        } catch (Throwable e) {
            if (filled > 0 && filled < bytes.length) {
                ready.add(new Message.Piece(bytes, filled));
            }
            ready.add(new Message.Failure(e));
        } finally {
            finished.complete(null);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            switch (current) {
                case Message.Piece(byte[] bytes, int filled) when position < filled -> {
                    int count = Math.min(length, filled - position);
                    System.arraycopy(bytes, position, target, offset, count);
                    position += count;
                    return count;
                }
                case Message.Piece(byte[] bytes, int filled) -> {
                    if (bytes.length > 0) {
                        free.add(bytes);
                    }
                    current = next();
                    position = 0;
                }
                case Message.End end -> {
                    return -1;
                }
                case Message.Failure(IOException failure) -> throw failure;
                case Message.Failure(RuntimeException failure) -> throw failure;
                case Message.Failure(Error failure) -> throw failure;
                case Message.Failure(Throwable failure) -> throw new IllegalStateException(failure);
            }
        }
    }

    private Message next() throws IOException {
        try {
            return ready.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /// Ends the reading ahead. The thread is not interrupted, which would close the file that it
    /// reads, but waited for: it may be in the middle of a piece.
    public void stop() {
        stopped = true;
        free.offer(new byte[0]);
        finished.join();
    }

    @Override
    public void close() throws IOException {
        stop();
        in.close();
    }
}
