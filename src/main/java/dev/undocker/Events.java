package dev.undocker;

/// Receives, beside warnings, how far the work of a run has come. Who hears warnings alone need not
/// say more: tasks are ignored then. Thread-safe.
@FunctionalInterface
public interface Events extends Warnings {
    /// The total of a task whose end nobody can tell.
    long UNKNOWN = -1;

    /// Begins a task. Several of one name are one to the user, and their sums are added.
    ///
    /// @param what one word of the program's own, such as `decode`
    /// @param total how many bytes there are to do, or [#UNKNOWN]
    default Task task(String what, long total) {
        return Task.UNHEARD;
    }

    /// A part of the work. Thread-safe.
    interface Task {
        /// What nobody listens to.
        Task UNHEARD =
                new Task() {
                    @Override
                    public void advance(long count) {}

                    @Override
                    public void close() {}
                };

        /// So many more bytes are done: told once for a chunk, never for each small file.
        void advance(long count);

        /// All is done. What fails is not closed: the run ends.
        void close();
    }
}
