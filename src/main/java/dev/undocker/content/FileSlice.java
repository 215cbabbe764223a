package dev.undocker.content;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/// `length` bytes of an open file, from `offset` on. The slice does not own the channel: whoever
/// opened it closes it, after the last slice was read. Reads are positional, so slices of one
/// channel may be read by several threads at once.
///
/// @param origin the file that others may write to meanwhile; null for one of our own
public record FileSlice(FileChannel file, long offset, long length, @Nullable OpenedFile origin)
        implements StoredBytes {
    public FileSlice {
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("slice " + offset + "+" + length);
        }
    }

    /// Of a file that nobody else writes to.
    public FileSlice(FileChannel file, long offset, long length) {
        this(file, offset, length, null);
    }

    /// A part of this slice; `from` counts from the slice's own beginning.
    public FileSlice slice(long from, long size) {
        if (from < 0 || size < 0 || from > length - size) {
            throw new IndexOutOfBoundsException("slice " + from + "+" + size + " of " + length);
        }
        return new FileSlice(file, offset + from, size, origin);
    }

    /// Fills `target` from `offset` of `file` on.
    ///
    /// @throws UndockerException when the file cannot be read or has become shorter, so that nobody
    ///   takes it for a failure of what is being written
    /// @throws ClosedChannelException when the file is closed
    public static void fill(FileChannel file, long offset, ByteBuffer target)
            throws ClosedChannelException {
        long at = offset;
        try {
            while (target.hasRemaining()) {
                int count = file.read(target, at);
                if (count < 0) {
                    throw shortened();
                }
                at += count;
            }
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw UndockerException.because("the image: cannot be read", e);
        }
    }

    /// The failure of whoever finds less than there was.
    public static UndockerException shortened() {
        return new UndockerException("the image: became shorter while it was read");
    }

    /// Reads into `target` from `position` of the slice on, at most up to the slice's end.
    ///
    /// @return how many bytes were read, −1 at the end of the slice or of the file
    /// @throws IOException with the name of the file, where others know it
    public int read(ByteBuffer target, long position) throws IOException {
        long left = length - position;
        if (left <= 0) {
            return -1;
        }
        int limit = target.limit();
        target.limit(target.position() + (int) Math.min(left, target.remaining()));
        try {
            return file.read(target, offset + position);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw origin == null ? e : new IOException(origin.path() + ": " + e.getMessage(), e);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public long size() {
        return length;
    }

    @Override
    public InputStream open() {
        return stream();
    }

    @Override
    public FileSlice inPlace() {
        return this;
    }

    /// The slice as a stream with a position of its own; closing it leaves the file open. A file
    /// that is shorter than the slice ends the stream early.
    public InputStream stream() {
        return new FileSliceStream(this);
    }
}
