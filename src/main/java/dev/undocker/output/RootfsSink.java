package dev.undocker.output;

import dev.undocker.rootfs.RootfsEntry;

import java.io.Closeable;
import java.io.IOException;

/// One output in the making: `accept`* `commit` `close`, by one thread. Without `commit` nothing
/// stays under the final name, and an earlier output there is untouched.
public interface RootfsSink extends Closeable {
    /// Takes the next entry. They come in the order that [RootfsEntry] promises. The sink may read
    /// the content later, but no later than in [#commit()].
    void accept(RootfsEntry entry) throws IOException;

    /// Finishes what takes time (buffers, worker threads, metadata) and can still fail. After this
    /// call only [#commit()] or [#close()] follow.
    void finish() throws IOException;

    /// Puts the finished output under its final name; quick, and almost never fails.
    void commit() throws IOException;

    /// Releases everything; without a commit before it also removes what was written. Idempotent.
    @Override
    void close() throws IOException;
}
