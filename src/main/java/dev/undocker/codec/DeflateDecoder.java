package dev.undocker.codec;

import java.io.IOException;

/// Decodes streams of deflate data (RFC 1951) that lie one after the other in an input buffer, and
/// sums up what comes out. One thread uses it at a time.
interface DeflateDecoder extends AutoCloseable {
    /// Takes over what the buffer holds now, before [#begin] and [#resume] speak of it.
    ///
    /// @param input stays unchanged until the next call
    void load(byte[] input, int limit);

    /// A stream begins at `position` of the buffer.
    void begin(int position);

    /// The stream goes on at `position` of the buffer, which was loaded anew since [#decode] gave 0
    /// and the stream was not [#isFinished].
    void resume(int position);

    /// Decodes into `target`.
    ///
    /// @return how many bytes; 0 when the stream is finished or its end is not in the buffer
    /// @throws IOException when this is no deflate data
    int decode(byte[] target, int offset, int length) throws IOException;

    /// True when [#decode] has given everything.
    boolean isFinished();

    /// Of a finished stream: how many bytes at the end of the buffer come after it. Some of them
    /// may be the last of the buffer that was loaded before, at most [#BEHIND].
    int unused();

    /// The most that is read ahead.
    int BEHIND = Long.BYTES;

    /// CRC-32 of everything that [#decode] gave of a finished stream.
    int crc();

    /// How much that was, modulo 2^32.
    int length();

    @Override
    void close();
}
