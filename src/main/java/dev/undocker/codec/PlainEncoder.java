package dev.undocker.codec;

import java.io.IOException;
import java.io.OutputStream;

/// No compression: hands everything on.
final class PlainEncoder extends Encoder {
    private final OutputStream out;

    PlainEncoder(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        out.write(source, offset, length);
    }

    @Override
    public void abort() {}

    @Override
    public void close() throws IOException {
        out.close();
    }
}
