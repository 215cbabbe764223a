package dev.undocker.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Compresses into another stream, maybe on several threads. To be used by one thread at a time.
///
/// Closing it writes the end of the compressed data and closes the other stream. After [#abort], or
/// after a write that failed, closing it only closes the other stream, so that what was written
/// never looks complete.
public abstract class Encoder extends OutputStream {
    /// Gives up: stops the threads and frees memory, writes nothing more and leaves the other
    /// stream open. Does nothing the second time, or after closing. Like everything here it is for
    /// the thread that uses the encoder: native memory must not go while it is at work.
    public abstract void abort();

    @Override
    public final void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public final void write(byte[] source, int offset, int length) throws IOException {
        write(ByteBuffer.wrap(source, offset, length));
    }

    /// Takes all bytes that the buffer holds up to its limit.
    public abstract void write(ByteBuffer source) throws IOException;

    /// Does nothing: where a block ends must not depend on the caller.
    @Override
    public final void flush() {}
}
