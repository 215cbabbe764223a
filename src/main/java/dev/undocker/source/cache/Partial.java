package dev.undocker.source.cache;

import dev.undocker.Warnings;
import dev.undocker.image.Digest;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.security.MessageDigest;

/// The beginning of a blob in the cache, which this run alone may continue. It stays when the run
/// ends, in whatever way. What goes wrong here costs the copy and not the reader: it is told once,
/// and the copy given up. One thread uses it.
final class Partial implements Closeable {
    private static final int PIECE = 256 << 10;

    private final CacheDirectory directory;
    private final Digest digest;
    private final FileChannel file;
    private final FileLock claim;
    private final boolean sync;
    private final Warnings warnings;
    private boolean open = true;

    private Partial(
            CacheDirectory directory,
            Digest digest,
            FileChannel file,
            FileLock claim,
            boolean sync,
            Warnings warnings) {
        this.directory = directory;
        this.digest = digest;
        this.file = file;
        this.claim = claim;
        this.sync = sync;
        this.warnings = warnings;
    }

    /// Continues what an earlier run left, or begins.
    ///
    /// @param claim on this digest, which is released when this is closed
    /// @param sync it gets the blob's name only when it is on the disk
    /// @throws IOException when there can be no file; the claim stays the caller's
    static Partial of(
            CacheDirectory directory,
            Digest digest,
            FileLock claim,
            boolean sync,
            Warnings warnings)
            throws IOException {
        return new Partial(directory, digest, directory.openPartial(digest), claim, sync, warnings);
    }

    /// Completes what an earlier run began. Nothing of it is given away before: only the end tells
    /// whether the beginning is right.
    ///
    /// @return true when the blob is there now; false when everything has to come anew
    /// @throws IOException when the origin fails
    boolean complete(Origin origin) throws IOException {
        MessageDigest sum = digest.algorithm().newMessageDigest(origin.size());
        long begun = begun(sum);
        if (begun > 0 && begun <= origin.size()) {
            if (begun < origin.size()) {
                byte[] piece = new byte[PIECE];
                try (InputStream rest = origin.open(begun)) {
                    for (int count = rest.read(piece); count >= 0; count = rest.read(piece)) {
                        sum.update(piece, 0, count);
                        append(piece, 0, count);
                    }
                }
            }
            if (Digest.of(digest.algorithm(), sum).equals(digest)) {
                keep();
                return true;
            }
        }
        restart();
        return false;
    }

    /// Reads what is there, and goes on at its end.
    ///
    /// @return how many bytes there are; 0 when they cannot be read
    private long begun(MessageDigest sum) {
        try {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            file.position(0);
            while (file.read(piece) >= 0) {
                sum.update(piece.flip());
                piece.clear();
            }
            return file.position();
        } catch (IOException e) {
            giveUp(e);
            return 0;
        }
    }

    private void restart() {
        if (open) {
            try {
                file.truncate(0);
            } catch (IOException e) {
                giveUp(e);
            }
        }
    }

    /// Adds what comes next.
    void append(byte[] bytes, int offset, int length) {
        if (!open) {
            return;
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        } catch (IOException e) {
            giveUp(e);
        }
    }

    /// Makes it the blob: the name comes last. Without its bytes on the disk a power cut may leave
    /// a name for others, which whoever reads them notices.
    void keep() {
        if (!open) {
            return;
        }
        try {
            if (sync) {
                file.force(false);
            }
            directory.publish(digest);
            close();
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void giveUp(IOException cause) {
        if (Thread.currentThread().isInterrupted()) {
            // the run ends; the next one goes on from here
            close();
        } else {
            warnings.warn(directory.complaint(cause));
            discard();
        }
    }

    /// Removes it: its bytes are wrong.
    void discard() {
        if (open) {
            directory.deletePartial(digest);
            close();
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            try (file;
                    claim) {
                // closes both
            } catch (IOException e) {
                // nothing is lost
            }
        }
    }
}
