package dev.undocker.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// No compression: hands everything on.
final class PlainEncoder extends Encoder {
    private final OutputStream out;

    PlainEncoder(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        out.write(bytes);
    }

    @Override
    public void abort() {}

    @Override
    public void close() throws IOException {
        out.close();
    }
}
