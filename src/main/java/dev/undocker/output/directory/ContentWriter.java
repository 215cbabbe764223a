package dev.undocker.output.directory;

import dev.undocker.Events.Task;
import dev.undocker.content.FileSlice;
import dev.undocker.linux.NewFile;
import dev.undocker.rootfs.Content;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Moves content into files through one buffer: for slices that are not aligned to pages this is
/// faster than letting the kernel copy. Used by one thread.
final class ContentWriter {
    private static final int BUFFER = 256 * 1024;

    /// Small files are told together.
    private static final long TOLD_AT_ONCE = 1 << 20;

    /// The usual block of a file system: shorter runs of zeros cannot become holes.
    private static final int BLOCK = 4096;

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(BLOCK);

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final boolean sparse;
    private final Cancellation cancellation;
    private final Task task;
    private long untold;

    /// @param sparse whether runs of zeros become holes
    /// @param task is told how much is written
    ContentWriter(boolean sparse, Cancellation cancellation, Task task) {
        this.sparse = sparse;
        this.cancellation = cancellation;
        this.task = task;
    }

    void write(Content content, NewFile file) throws IOException {
        switch (content) {
            case Content.Plain plain -> {
                if (plain.size() > 0) {
                    copy(plain.slice(), file, 0);
                }
            }
            case Content.Generated generated -> copy(generated.data(), file);
            case Content.Sparse holes -> {
                for (Content.Segment segment : holes.segments()) {
                    copy(segment.data(), file, segment.position());
                }
                file.setSize(holes.size());
            }
        }
    }

    /// Tells what was not told yet.
    void tell() {
        task.advance(untold);
        untold = 0;
    }

    private void copy(byte[] data, NewFile file) throws IOException {
        for (int done = 0; done < data.length; ) {
            int count = Math.min(BUFFER, data.length - done);
            buffer.clear().put(data, done, count).flip();
            file.write(buffer, done);
            done += count;
        }
    }

    private void copy(FileSlice slice, NewFile file, long position) throws IOException {
        long done = 0;
        while (done < slice.length()) {
            cancellation.check();
            int count = (int) Math.min(BUFFER, slice.length() - done);
            FileSlice.fill(slice.file(), slice.offset() + done, buffer.clear().limit(count));
            buffer.flip();
            if (sparse) {
                writeWithHoles(file, position + done);
            } else {
                file.write(buffer, position + done);
            }
            done += count;
            untold += count;
            if (untold >= TOLD_AT_ONCE) {
                tell();
            }
        }
        if (sparse) {
            file.setSize(position + slice.length());
        }
    }

    /// Writes the runs between blocks of zeros. Blocks are counted from the file's beginning.
    private void writeWithHoles(NewFile file, long position) throws IOException {
        int end = buffer.limit();
        int runStart = 0;
        int at = 0;
        while (at < end) {
            int next = (int) Math.min(end, at + BLOCK - (position + at) % BLOCK);
            if (isZero(at, next)) {
                write(file, position, runStart, at);
                runStart = next;
            }
            at = next;
        }
        write(file, position, runStart, end);
    }

    private boolean isZero(int from, int to) {
        return buffer.slice(from, to - from).mismatch(ZEROS.slice(0, to - from)) < 0;
    }

    private void write(NewFile file, long position, int from, int to) throws IOException {
        if (from < to) {
            file.write(buffer.slice(from, to - from), position + from);
        }
    }
}
