package dev.undocker.layer;

/// The layers that a run decodes, and how many of its threads have something to do. Thread-safe.
final class Workload {
    private final int threads;
    private final long bytes;
    private int waiting;
    private int busy;

    /// @param threads how many there may be
    /// @param layers how many are to be decoded, on a thread each
    /// @param bytes how many these have together, as they are stored
    Workload(int threads, int layers, long bytes) {
        this.threads = threads;
        this.bytes = bytes;
        waiting = layers;
    }

    long bytes() {
        return bytes;
    }

    /// A thread begins with a layer.
    synchronized void begin() {
        waiting--;
        busy++;
    }

    /// Takes one more thread for a layer that was begun, when none of the others will need it.
    synchronized boolean takeSpare() {
        boolean spare = waiting <= 0 && busy < threads;
        if (spare) {
            busy++;
        }
        return spare;
    }

    /// A thread has nothing to do any more.
    synchronized void end() {
        busy--;
    }
}
