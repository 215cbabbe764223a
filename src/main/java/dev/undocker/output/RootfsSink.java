package dev.undocker.output;

import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;

/// One output in the making: `accept`* `finish` `commit` `close`, by one thread; only `close` may
/// come from another, in the middle of `accept` or `finish`. Without `commit` nothing stays under
/// the final name, and an earlier output there is untouched; the same when it is taken back.
public interface RootfsSink extends Committable {
    /// Takes the next entry. They come in the order that [RootfsEntry] promises. The sink may read
    /// the content later, but no later than in [#commit()].
    void accept(RootfsEntry entry) throws IOException;

    /// Finishes what takes time (buffers, worker threads, metadata) and can still fail. After this
    /// call only [#commit()] or [#close()] follow.
    void finish() throws IOException;
}
