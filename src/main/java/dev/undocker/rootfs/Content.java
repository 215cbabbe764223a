package dev.undocker.rootfs;

import dev.undocker.content.FileSlice;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.List;

/// The bytes of a regular file, where they lie. They are read from other files when they are needed
/// and never held as a whole.
public sealed interface Content {
    /// The file's size in bytes, holes included.
    long size();

    /// How many of these bytes are data: the size without the holes.
    default long dataSize() {
        return size();
    }

    /// The bytes in order, holes as zeros. A source that is shorter than it promised ends the
    /// stream early; writers compare with [#size()].
    InputStream stream();

    /// `size` bytes of `file` from `offset` on. (Not a [FileSlice], to spare an object for each of
    /// a million files.)
    record Plain(FileChannel file, long offset, long size) implements Content {
        public FileSlice slice() {
            return new FileSlice(file, offset, size);
        }

        @Override
        public InputStream stream() {
            return slice().stream();
        }
    }

    /// Bytes that the program itself makes for a small file, such as a launcher. The array is never
    /// written again.
    record Generated(byte[] data) implements Content {
        @Override
        public long size() {
            return data.length;
        }

        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(data);
        }
    }

    /// A sparse file: data segments in ascending order, which neither overlap nor pass `size`; the
    /// rest is holes.
    record Sparse(List<Segment> segments, long size) implements Content {
        public Sparse {
            segments = List.copyOf(segments);
            long end = 0;
            for (Segment segment : segments) {
                if (segment.position() < end
                        || segment.data().length() > size - segment.position()) {
                    throw new IllegalArgumentException("sparse segments overlap or pass the end");
                }
                end = segment.position() + segment.data().length();
            }
        }

        @Override
        public long dataSize() {
            return segments.stream().mapToLong(segment -> segment.data().length()).sum();
        }

        @Override
        public InputStream stream() {
            return new SparseStream(this);
        }
    }

    /// Data at `position` of a sparse file.
    record Segment(long position, FileSlice data) {}

    /// All bytes at once, for small files that are read for their meaning.
    ///
    /// @return the bytes, or null when there are more than `limit`
    default byte @org.jspecify.annotations.Nullable [] bytes(int limit) throws IOException {
        if (size() > limit) {
            return null;
        }
        try (InputStream in = stream()) {
            byte[] bytes = in.readNBytes((int) size());
            if (bytes.length != size()) {
                throw new java.io.EOFException("content ends early");
            }
            return bytes;
        }
    }
}
