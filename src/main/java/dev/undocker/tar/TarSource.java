package dev.undocker.tar;

import dev.undocker.content.FileSlice;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The bytes of a tar, which [TarReader] reads front to back. Not thread-safe.
public interface TarSource {
    /// A tar that lies in a file.
    static TarSource of(FileSlice tar) {
        return new TarSource() {
            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                return tar.read(target, position);
            }

            @Override
            public long limit() {
                return tar.length();
            }

            @Override
            public FileSlice slice(long from, long size) {
                return tar.slice(from, size);
            }

            @Override
            public FileSlice keep(byte[] bytes, int from, int length, long position) {
                return tar.slice(position, length);
            }
        };
    }

    /// Reads some bytes from `position` on, which never decreases from one call to the next.
    ///
    /// @return how many bytes were read, −1 when none is left
    int read(ByteBuffer target, long position) throws IOException;

    /// Where the tar ends, or `Long.MAX_VALUE` while nobody knows. It is known once [#read]
    /// returned −1.
    long limit();

    /// Where the `size` bytes from `from` on can be read once the whole tar was; `from + size` is
    /// at most [#limit()].
    FileSlice slice(long from, long size);

    /// The same for bytes that were read already.
    ///
    /// @param bytes holds them, `length` from `from` on
    /// @param position where they stand in the tar
    FileSlice keep(byte[] bytes, int from, int length, long position);
}
