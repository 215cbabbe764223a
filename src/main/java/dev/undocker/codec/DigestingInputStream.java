package dev.undocker.codec;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// Feeds the bytes that pass to a digest.
public final class DigestingInputStream extends FilterInputStream {
    private static final int PIECE = 64 * 1024;

    private final MessageDigest digest;

    public DigestingInputStream(InputStream in, MessageDigest digest) {
        super(in);
        this.digest = digest;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        if (value >= 0) {
            digest.update((byte) value);
        }
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        if (read > 0) {
            digest.update(target, offset, read);
        }
        return read;
    }

    /// Reads over the bytes: the digest needs them.
    @Override
    public long skip(long wanted) throws IOException {
        byte[] piece = new byte[(int) Math.clamp(wanted, 0, PIECE)];
        long left = wanted;
        while (left > 0) {
            int read = read(piece, 0, (int) Math.min(left, piece.length));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return Math.max(0, wanted) - Math.max(0, left);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
