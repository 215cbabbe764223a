package dev.undocker.source.daemon;

import dev.undocker.content.BulkInputStream;

import java.io.EOFException;
import java.io.IOException;

/// A body that comes in chunks (RFC 9112, section 7.1). Its end is the last chunk; a connection
/// that ends before has broken.
final class ChunkedBody extends BulkInputStream {
    /// More digits could not be a size, and sizes in Java are positive.
    private static final int MOST_DIGITS = 15;

    private static final int MOST_TRAILERS = 100;

    private final HttpLines in;
    private long left;
    private boolean begun;
    private boolean ended;

    ChunkedBody(HttpLines in) {
        this.in = in;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = in.stream().read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the connection ended before the last chunk");
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (begun && !in.next().isEmpty()) {
            throw new IOException("a chunk is longer than it says");
        }
        begun = true;
        String line = in.next();
        int extension = line.indexOf(';');
        left = size((extension < 0 ? line : line.substring(0, extension)).strip());
        if (left > 0) {
            return;
        }
        for (int i = 0; i < MOST_TRAILERS; i++) {
            if (in.next().isEmpty()) {
                ended = true;
                return;
            }
        }
        throw new IOException("more than %d lines after the last chunk".formatted(MOST_TRAILERS));
    }

    private static long size(String digits) throws IOException {
        if (digits.isEmpty()
                || digits.length() > MOST_DIGITS
                || !digits.chars().allMatch(digit -> Character.digit(digit, 16) >= 0)) {
            throw new IOException("a chunk does not say its size");
        }
        return Long.parseLong(digits, 16);
    }
}
