package dev.undocker.layer;

import dev.undocker.content.TemporaryFiles;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/// Copies parts of a passing stream to a temporary file, at the offsets that they have in the
/// stream; the rest of the file is holes. Not thread-safe; the file stays its owner's.
final class PartialCopy {
    /// A shorter gap between parts is copied along: it costs less than a further call, and a hole
    /// of less than a block saves nothing.
    private static final int LARGEST_GAP = 4 << 10;

    private final TemporaryFiles temporary;
    private final FileChannel file;
    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(long from, long to) {}

    PartialCopy(TemporaryFiles temporary, FileChannel file) {
        this.temporary = temporary;
        this.file = file;
    }

    FileChannel file() {
        return file;
    }

    /// Chooses the `size` bytes from `offset` on, which have not passed yet; in ascending order.
    void add(long offset, long size) {
        long from = offset;
        if (!parts.isEmpty() && offset - parts.getLast().to() <= LARGEST_GAP) {
            from = parts.removeLast().from();
        }
        parts.add(new Part(from, offset + size));
    }

    /// Copies bytes that have passed already.
    ///
    /// @param offset where they stood in the stream
    void write(ByteBuffer bytes, long offset) {
        temporary.write(file, bytes, offset);
    }

    /// Copies what is chosen of the next `length` bytes of the stream.
    ///
    /// @param start where they begin in the stream
    void pass(byte[] bytes, long start, int length) {
        long end = start + length;
        while (!parts.isEmpty() && parts.getFirst().from() < end) {
            Part part = parts.removeFirst();
            long to = Math.min(part.to(), end);
            int offset = (int) (part.from() - start);
            ByteBuffer chosen = ByteBuffer.wrap(bytes, offset, (int) (to - part.from()));
            write(chosen, part.from());
            if (to < part.to()) {
                parts.addFirst(new Part(to, part.to()));
            }
        }
    }
}
