package dev.undocker.output.tar;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Writes one slab while the next is being filled, so that reading and writing share two cores. All
/// writing is one thread's. Used by one thread but for [#stop]; a failure of a write surfaces at
/// the next call.
final class WriteBehind implements SlabWriter.Target {
    /// Where the bytes go.
    @FunctionalInterface
    interface Sink {
        void write(ByteBuffer slab) throws IOException;
    }

    /// Something else for the thread to do.
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    private final Sink sink;
    private final WatchedSlabs watch;
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "write-behind");
                thread.setDaemon(true);
                return thread;
            });
    private @Nullable ByteBuffer spare;
    private @Nullable ByteBuffer busy;
    private volatile @Nullable Future<?> pending;
    private boolean stopped;

    WriteBehind(Sink sink, WatchedSlabs watch) {
        this.sink = sink;
        this.watch = watch;
    }

    /// There are two slabs at most, and one where everything fits into it.
    @Override
    public ByteBuffer take() {
        ByteBuffer slab = spare;
        spare = null;
        return slab == null ? SlabWriter.newSlab() : slab.clear();
    }

    @Override
    public void write(ByteBuffer slab, long content) throws IOException {
        await();
        watch.filled(slab, content);
        spare = busy;
        busy = slab;
        submit(() -> sink.write(slab));
    }

    /// What the writing thread does when it has written everything.
    void run(Step step) throws IOException {
        await();
        submit(step);
    }

    private void submit(Step step) {
        pending =
                writer.submit(() -> {
                    step.run();
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
        } catch (CancellationException e) {
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

    /// Ends the thread; what is not written yet is lost. Does not wait.
    ///
    /// @param last what the thread does at its end
    synchronized void stop(Runnable last) {
        if (stopped) {
            return;
        }
        stopped = true;
        Future<?> current = pending;
        if (current != null) {
            current.cancel(true);
        }
        writer.execute(last);
        writer.shutdown();
    }
}
