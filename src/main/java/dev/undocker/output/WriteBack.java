package dev.undocker.output;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.LockSupport;

/// Brings a file to the disk while more is written to it, so that the last fsync(2) waits for
/// little: the kernel alone would begin when it has no memory left for more, or after half a
/// minute.
final class WriteBack {
    /// As much at a time as no disk takes long for.
    private static final long STEP = 64 << 20;

    private static final long PAUSE_NANOS = 50_000_000;

    private final FileChannel file;
    private final Thread thread;
    private volatile boolean ended;
    private @Nullable IOException failure;

    private WriteBack(FileChannel file) {
        this.file = file;
        thread = Thread.ofPlatform().daemon().name("write-back").unstarted(this::follow);
    }

    /// @param file stays the caller's, who may close it at any time
    static WriteBack of(FileChannel file) {
        WriteBack begun = new WriteBack(file);
        begun.thread.start();
        return begun;
    }

    private void follow() {
        long done = 0;
        try {
            while (!ended) {
                long size = file.size();
                if (size - done >= STEP) {
                    file.force(false);
                    done = size;
                } else {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (ClosedChannelException e) {
            // nobody wants it on the disk any more
        } catch (IOException e) {
            failure = e;
        }
    }

    /// Waits until it is done with what it began; the rest is the caller's. Idempotent.
    ///
    /// @throws IOException what the disk answered: the kernel tells a failure once, so that another
    ///   fsync(2) would not
    void end() throws IOException {
        ended = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        if (failure != null) {
            throw failure;
        }
    }
}
