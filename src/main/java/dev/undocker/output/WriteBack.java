package dev.undocker.output;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.LockSupport;

/// Brings an output to the disk while more is written to it, so that what is left for the end takes
/// little time: the kernel alone would begin when it has no memory left for more, or after half a
/// minute.
final class WriteBack {
    /// Less is brought to the disk in no time.
    private static final long WORTH_IT = 128 << 20;

    /// As much at a time as no disk takes long for.
    private static final long STEP = 64 << 20;

    private static final long PAUSE_NANOS = 50_000_000;

    private final Growing output;
    private final Thread thread;
    private volatile boolean ended;
    private @Nullable IOException failure;

    /// What is being written, asked by a thread of its own. It stays the caller's, who may close it
    /// at any time.
    interface Growing {
        /// How many bytes are written up to now.
        long size() throws IOException;

        /// Brings them to the disk.
        void force() throws IOException;
    }

    private WriteBack(Growing output) {
        this.output = output;
        thread = Thread.ofPlatform().daemon().name("write-back").unstarted(this::follow);
    }

    /// @return null where nobody wants it on the disk, or there is too little
    static @Nullable WriteBack of(Growing output, OutputRequest request) {
        if (!request.durable() || request.sizes().contentBytes() < WORTH_IT) {
            return null;
        }
        WriteBack begun = new WriteBack(output);
        begun.thread.start();
        return begun;
    }

    private void follow() {
        long done = 0;
        try {
            while (!ended) {
                long size = output.size();
                if (size - done >= STEP) {
                    output.force();
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

    /// Begins nothing more, and does not wait for what it has begun.
    void abandon() {
        ended = true;
        LockSupport.unpark(thread);
    }

    /// Waits until it is done with what it began; the rest is the caller's. Idempotent.
    ///
    /// @throws IOException what the disk answered: the kernel tells a failure once, so that another
    ///   fsync(2) would not
    void end() throws IOException {
        abandon();
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
