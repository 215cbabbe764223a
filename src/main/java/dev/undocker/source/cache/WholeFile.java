package dev.undocker.source.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;

/// A file as bytes to be hashed.
final class WholeFile {
    private static final int PIECE = 256 << 10;

    private WholeFile() {}

    /// Reads all of it, from its beginning, and leaves it at its end.
    ///
    /// @return how many bytes there are
    static long feed(FileChannel file, MessageDigest sum) throws IOException {
        byte[] bytes = new byte[PIECE];
        ByteBuffer piece = ByteBuffer.wrap(bytes);
        long length = 0;
        file.position(0);
        for (int count = file.read(piece); count >= 0; count = file.read(piece.clear())) {
            sum.update(bytes, 0, count);
            length += count;
        }
        return length;
    }
}
