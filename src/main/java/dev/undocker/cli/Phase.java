package dev.undocker.cli;

import dev.undocker.Events;

/// All tasks of one name, which are one to the user. Thread-safe.
final class Phase {
    private final String name;
    private final long begun = System.nanoTime();

    // guarded by this
    private long total;
    private long done;
    private int open;

    /// How far a phase is.
    ///
    /// @param total [Events#UNKNOWN] where one of its tasks cannot tell
    /// @param nanos since it began
    /// @param finished none of its tasks is open
    record State(String name, long done, long total, long nanos, boolean finished) {}

    Phase(String name) {
        this.name = name;
    }

    synchronized void open(long more) {
        total = total < 0 || more < 0 ? Events.UNKNOWN : total + more;
        open++;
    }

    synchronized void advance(long count) {
        done += count;
    }

    synchronized void close() {
        open--;
    }

    synchronized State state() {
        return new State(name, done, total, System.nanoTime() - begun, open == 0);
    }
}
