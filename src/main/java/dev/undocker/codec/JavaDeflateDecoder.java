package dev.undocker.codec;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// By Java's own [Inflater].
final class JavaDeflateDecoder implements DeflateDecoder {
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private byte[] input = {};
    private int limit;

    @Override
    public void load(byte[] buffer, int end) {
        input = buffer;
        limit = end;
    }

    @Override
    public void begin(int position) {
        crc.reset();
        inflater.reset();
        resume(position);
    }

    @Override
    public void resume(int position) {
        inflater.setInput(input, position, limit - position);
    }

    @Override
    public int decode(byte[] target, int offset, int length) throws IOException {
        try {
            int count = inflater.inflate(target, offset, length);
            if (count == 0 && inflater.needsDictionary()) {
                throw GzipDecoder.corrupt(null);
            }
            crc.update(target, offset, count);
            return count;
        } catch (DataFormatException e) {
            throw GzipDecoder.corrupt(e);
        }
    }

    @Override
    public boolean isFinished() {
        return inflater.finished();
    }

    @Override
    public int unused() {
        return inflater.getRemaining();
    }

    @Override
    public int crc() {
        return (int) crc.getValue();
    }

    @Override
    public int length() {
        return (int) inflater.getBytesWritten();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
