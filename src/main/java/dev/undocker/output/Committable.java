package dev.undocker.output;

import java.io.Closeable;
import java.io.IOException;

/// What is written under a temporary name, or none, and takes its final name in the end. `commit`
/// and taking back are never called while another thread is in [#close()].
public interface Committable extends Closeable {
    /// Takes the final name; quick, and almost never fails. When it fails, what stood there before
    /// still does.
    ///
    /// @return the way back, to be used before [#close()] or not at all
    Committed commit() throws IOException;

    /// Brings to the disk what is there so far, so that a power cut cannot take it: before the
    /// commit all that was written, after it the final name. Not called at all where the user does
    /// without. What is written in place brings what it can.
    void sync() throws IOException;

    /// Releases everything: after a commit also what was replaced, otherwise also what was written.
    /// Idempotent.
    @Override
    void close() throws IOException;
}
