package dev.undocker.linux;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A regular file in the making.
public interface NewFile extends Node {
    /// Writes what remains in `data`, a direct buffer, at `position`; pwrite(2). Places that are
    /// never written are holes.
    void write(ByteBuffer data, long position) throws IOException;

    /// Makes the file `size` bytes long where the last bytes are a hole; ftruncate(2).
    void setSize(long size) throws IOException;
}
