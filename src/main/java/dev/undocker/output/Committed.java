package dev.undocker.output;

/// An output that has taken its final name and is not closed yet.
@FunctionalInterface
public interface Committed {
    /// Without a way back: what is written in place, such as a device or standard output.
    Committed FOR_GOOD = () -> {};

    /// Gives the final name back to what stood there before; the output is then as if it had never
    /// been committed. Where that cannot be done the user is warned, and both are left. Called at
    /// most once.
    void takeBack();
}
