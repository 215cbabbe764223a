package dev.undocker.output.tar;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Writes one slab while the next is being filled, so that reading and writing share two cores.
/// Used by one thread; a failure of a write surfaces at the next call.
final class WriteBehind implements SlabWriter.Target {
    /// Where the bytes go.
    @FunctionalInterface
    interface Sink {
        void write(ByteBuffer slab) throws IOException;
    }

    private final Sink sink;
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "write-behind");
                thread.setDaemon(true);
                return thread;
            });
    private @Nullable ByteBuffer spare;
    private @Nullable ByteBuffer busy;
    private @Nullable Future<?> pending;

    WriteBehind(Sink sink) {
        this.sink = sink;
    }

    /// There are two slabs at most, and one where everything fits into it.
    @Override
    public ByteBuffer take() {
        ByteBuffer slab = spare;
        spare = null;
        return slab == null ? SlabWriter.newSlab() : slab.clear();
    }

    @Override
    public void write(ByteBuffer slab) throws IOException {
        await();
        spare = busy;
        busy = slab;
        pending =
                writer.submit(() -> {
                    sink.write(slab);
                    return null;
                });
    }

    /// Waits until everything is written.
    void await() throws IOException {
        Future<?> last = pending;
        if (last == null) {
            return;
        }
        pending = null;
        try {
            last.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException known -> throw known;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /// Ends the thread; what is not written yet is lost.
    void stop() {
        writer.shutdownNow();
    }
}
