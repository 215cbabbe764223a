package dev.undocker.codec;

import dev.undocker.codec.BlockFormat.Block;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;

/// Cuts the data into blocks, encodes several at once and writes them in order.
///
/// The thread that writes into the encoder also writes what is encoded. There is at most one block
/// of input more than threads; encoded blocks that wait for an earlier one are as many again.
final class BlockEncoder extends Encoder {
    private static final byte[] GONE = {};

    private final OutputStream out;
    private final BlockFormat format;
    private final int threads;
    private final LongConsumer encoded;

    private final Deque<Block> unwritten = new ArrayDeque<>();
    private final Deque<ByteArrayOutputStream> freeOutputs = new ArrayDeque<>();
    private final byte[] history;
    private Block current;
    private boolean closed;

    private final Object lock = new Object();
    // all below is guarded by the lock
    private final Deque<Block> waiting = new ArrayDeque<>();
    private final Deque<byte[]> freeInputs = new ArrayDeque<>();
    private final List<Thread> workers = new ArrayList<>();
    private int inputs;
    private int idleWorkers;
    private boolean stopped;
    private @Nullable Throwable failure;

    BlockEncoder(OutputStream out, BlockFormat format, int threads, LongConsumer encoded)
            throws IOException {
        this.out = out;
        this.encoded = encoded;
        this.format = format;
        long affordable = Runtime.getRuntime().maxMemory() / 4 * 3 / format.memoryPerThread();
        this.threads = (int) Math.clamp(affordable, 1, Math.max(1, threads));
        this.history = new byte[format.history()];
        int size = format.nextBlockSize();
        this.current = newBlock(newInput(size), size);
        format.begin(out);
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        if (closed) {
            throw new IOException("%s: stream is closed".formatted(format.name()));
        }
        while (source.hasRemaining()) {
            if (current.length == current.size) {
                advance();
            }
            int count = Math.min(source.remaining(), current.size - current.length);
            source.get(current.input, current.start + current.length, count);
            current.length += count;
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            if (!isStopped()) {
                finish();
            }
        } finally {
            abort();
        }
    }

    @Override
    public void abort() {
        synchronized (lock) {
            stopped = true;
            waiting.clear();
            freeInputs.clear();
            workers.forEach(Thread::interrupt);
            lock.notifyAll();
        }
    }

    private void advance() throws IOException {
        boolean done = false;
        try {
            submit(false);
            int size = format.nextBlockSize();
            byte[] input = awaitInput(size);
            System.arraycopy(history, 0, input, 0, history.length);
            current = newBlock(input, size);
            current.history = history.length;
            done = true;
        } finally {
            if (!done) {
                abort();
            }
        }
    }

    private void finish() throws IOException {
        submit(true);
        while (!unwritten.isEmpty()) {
            synchronized (lock) {
                while (!headIsEncoded()) {
                    await();
                }
            }
            writeEncoded();
        }
        format.end(out);
    }

    private void submit(boolean last) {
        Block block = current;
        block.last = last;
        format.taken(block);
        if (!last) {
            int end = block.start + block.length;
            System.arraycopy(block.input, end - history.length, history, 0, history.length);
        }
        unwritten.add(block);
        synchronized (lock) {
            waiting.add(block);
            if (idleWorkers < waiting.size() && workers.size() < threads && !stopped) {
                String name = "%s-%d".formatted(format.name(), workers.size() + 1);
                workers.add(Thread.ofPlatform().daemon().name(name).start(this::work));
            }
            lock.notifyAll();
        }
    }

    /// Room for the history and `size` bytes: a free array, or where that is too small another one
    /// in its place.
    private byte[] awaitInput(int size) throws IOException {
        while (true) {
            writeEncoded();
            synchronized (lock) {
                while (!headIsEncoded()) {
                    if (unwritten.size() <= 2 * threads) {
                        byte[] free = freeInputs.poll();
                        if (free != null && free.length >= history.length + size) {
                            return free;
                        }
                        if (free != null) {
                            inputs--;
                        }
                        if (inputs <= threads) {
                            return newInput(size);
                        }
                    }
                    await();
                }
            }
        }
    }

    private void writeEncoded() throws IOException {
        while (headIsEncoded()) {
            Block block = unwritten.remove();
            format.write(block, out);
            block.output.reset();
            freeOutputs.add(block.output);
        }
    }

    private boolean headIsEncoded() {
        Block head = unwritten.peek();
        synchronized (lock) {
            return head != null && head.encoded;
        }
    }

    /// Waits for a worker to get something done; the lock is held.
    private void await() throws IOException {
        if (failure != null) {
            throw new IOException(
                    failure instanceof OutOfMemoryError
                            ? "%s: out of memory; fewer threads or a lower level need less"
                                    .formatted(format.name())
                            : "%s: %s".formatted(format.name(), failure),
                    failure);
        }
        if (stopped) {
            throw new IOException("%s: stream is abandoned".formatted(format.name()));
        }
        try {
            lock.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private boolean isStopped() {
        synchronized (lock) {
            return stopped;
        }
    }

    private byte[] newInput(int size) {
        synchronized (lock) {
            inputs++;
        }
        return new byte[history.length + size];
    }

    private Block newBlock(byte[] input, int size) {
        ByteArrayOutputStream output = freeOutputs.poll();
        return new Block(
                input, history.length, size, output != null ? output : new ByteArrayOutputStream());
    }

    private void work() {
        try (BlockFormat.Codec codec = format.newCodec()) {
            Block block = take();
            while (block != null) {
                codec.encode(block, encoded);
                synchronized (lock) {
                    block.encoded = true;
                    if (!stopped) {
                        freeInputs.add(block.input);
                    }
                    block.input = GONE;
                    lock.notifyAll();
                }
                block = take();
            }
        } catch (Throwable e) { // whatever it is, the writing thread must not wait for ever
            synchronized (lock) {
                failure = e;
                lock.notifyAll();
            }
        }
    }

    private @Nullable Block take() throws InterruptedException {
        synchronized (lock) {
            idleWorkers++;
            while (waiting.isEmpty() && !stopped) {
                lock.wait();
            }
            idleWorkers--;
            return stopped ? null : waiting.poll();
        }
    }
}
