package dev.undocker.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/// A format whose data can be encoded block by block.
///
/// All but the codecs is called by the thread that writes, in the order of the data.
interface BlockFormat {
    /// For messages.
    String name();

    /// How many bytes make the next block, asked once for each; only the last turns out shorter,
    /// and may be empty.
    int nextBlockSize();

    /// How many bytes before a block its codec may look at.
    int history();

    /// Roughly how many bytes of heap one thread needs: codec, input and output.
    long memoryPerThread();

    /// An encoder of blocks, for one thread.
    Codec newCodec() throws IOException;

    void begin(OutputStream out) throws IOException;

    /// A block is complete and about to be encoded.
    void taken(Block block);

    /// A block is encoded, and all before it are written.
    void write(Block block, OutputStream out) throws IOException;

    void end(OutputStream out) throws IOException;

    /// Encodes one block after the other, independently of what it encoded before.
    interface Codec extends AutoCloseable {
        /// From [Block#input] to [Block#output]. Ends early if the thread is interrupted.
        ///
        /// @param encoded is told how many more of the block's bytes are encoded
        void encode(Block block, LongConsumer encoded) throws IOException;

        @Override
        void close();
    }

    /// A piece of the data on its way through the encoder.
    final class Block {
        /// History first, then from `start` the block's own bytes. Gone when it is encoded.
        byte[] input;

        final int start;

        /// How many bytes belong into it.
        final int size;

        int length;
        int history;
        boolean last;

        /// The codec is done with it; guarded by the lock of the encoder.
        boolean encoded;

        long check;
        final ByteArrayOutputStream output;

        Block(byte[] input, int start, int size, ByteArrayOutputStream output) {
            this.input = input;
            this.start = start;
            this.size = size;
            this.output = output;
        }
    }
}
