package dev.undocker.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/// No compression: hands everything on.
final class PlainEncoder extends Encoder {
    private final OutputStream out;
    private final LongConsumer written;

    PlainEncoder(OutputStream out, LongConsumer written) {
        this.out = out;
        this.written = written;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        out.write(bytes);
        written.accept(bytes.length);
    }

    @Override
    public void abort() {}

    @Override
    public void close() throws IOException {
        out.close();
    }
}
