package dev.undocker.output.tar;

import dev.undocker.Events;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/// Tells how much of the files' content is written, or compressed: that is known in bytes of the
/// stream, which has headers and padding too. So it remembers what each slab under way holds.
final class WatchedSlabs {
    private final Events.Task task;

    // guarded by this
    private final Queue<Slab> underWay = new ArrayDeque<>();
    private long filled;
    private long written;

    /// @param end how long the stream is with it
    private record Slab(long end, long content) {}

    WatchedSlabs(Events.Task task) {
        this.task = task;
    }

    /// A slab is about to be written.
    ///
    /// @param content how many of its bytes are files' content
    synchronized void filled(ByteBuffer slab, long content) {
        filled += slab.remaining();
        underWay.add(new Slab(filled, content));
    }

    /// So many more bytes of the stream are written. They need not come in order.
    void written(long bytes) {
        long content = content(bytes);
        if (content > 0) {
            task.advance(content);
        }
    }

    private synchronized long content(long bytes) {
        written += bytes;
        long content = 0;
        for (Slab first = underWay.peek();
                first != null && first.end() <= written;
                first = underWay.peek()) {
            content += underWay.remove().content();
        }
        return content;
    }

    /// All is written.
    void close() {
        task.close();
    }
}
