package dev.undocker.output.directory;

import dev.undocker.Events.Task;

import java.util.concurrent.atomic.AtomicLong;

/// Counts what a task is told. Thread-safe.
final class WrittenBytes implements Task {
    private final Task task;
    private final AtomicLong count = new AtomicLong();

    WrittenBytes(Task task) {
        this.task = task;
    }

    long count() {
        return count.get();
    }

    @Override
    public void advance(long more) {
        count.addAndGet(more);
        task.advance(more);
    }

    @Override
    public void close() {
        task.close();
    }
}
