package dev.undocker.layer;

import dev.undocker.Events;
import dev.undocker.Events.Task;
import dev.undocker.content.StoredBytes;
import dev.undocker.content.WatchedInputStream;

import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// How far a stack of layers is, in bytes as they are stored: what arrives from elsewhere
/// (`download`), what lies here to be decoded (`decode`) and what is only checked (`verify`).
/// Thread-safe.
final class LayerProgress {
    private final Events events;
    private final Task download;
    private final Task decode;
    private final Task verify;
    private final Queue<Task> again = new ConcurrentLinkedQueue<>();

    /// @param download how many bytes are to arrive, and so on; 0 where there is nothing to do
    LayerProgress(Events events, long download, long decode, long verify) {
        this.events = events;
        this.download = task("download", download);
        this.decode = task("decode", decode);
        this.verify = task("verify", verify);
    }

    private Task task(String what, long total) {
        return total == 0 ? Task.UNHEARD : events.task(what, total);
    }

    /// A layer's bytes, watched.
    InputStream open(StoredBytes data) throws IOException {
        return watched(data, data.isHere() ? decode : download);
    }

    /// The same for a layer that was decoded before, which is more work.
    InputStream openAgain(StoredBytes data) throws IOException {
        Task more = task(data.isHere() ? "decode" : "download", data.size());
        again.add(more);
        return watched(data, more);
    }

    private static InputStream watched(StoredBytes data, Task task) throws IOException {
        InputStream bytes = data.open();
        return task == Task.UNHEARD ? bytes : new WatchedInputStream(bytes, task::advance);
    }

    /// So many more bytes of uncompressed layers are checked.
    void checked(long count) {
        verify.advance(count);
    }

    /// Every layer is read.
    void decoded() {
        download.close();
        decode.close();
    }

    /// What was missing is there.
    void decodedAgain() {
        again.forEach(Task::close);
        again.clear();
    }

    /// Every digest is checked.
    void verified() {
        verify.close();
    }
}
