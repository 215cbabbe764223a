package dev.undocker.query.diff;

import dev.undocker.UndockerException;
import dev.undocker.content.FileSlice;
import dev.undocker.image.Digest;
import dev.undocker.rootfs.Content;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/// Reads contents piece by piece. Not thread-safe.
public final class ContentComparison {
    private static final int PIECE = 1 << 16;

    private final byte[] one = new byte[PIECE];
    private final byte[] other = new byte[PIECE];

    /// True when two contents of the same size have the same bytes.
    ///
    /// @throws UndockerException when one cannot be read
    boolean isSame(Content first, Content second) {
        try (InputStream in = first.stream();
                InputStream alike = second.stream()) {
            long left = first.size();
            while (left > 0) {
                int count = (int) Math.min(left, PIECE);
                fill(in, one, count);
                fill(alike, other, count);
                if (!Arrays.equals(one, 0, count, other, 0, count)) {
                    return false;
                }
                left -= count;
            }
            return true;
        } catch (IOException e) {
            throw UndockerException.because("the image: cannot be read", e);
        }
    }

    /// The SHA-256 of a content.
    ///
    /// @throws UndockerException when it cannot be read
    public Digest digest(Content content) {
        MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest(content.size());
        try (InputStream in = content.stream()) {
            for (long left = content.size(); left > 0; ) {
                int count = (int) Math.min(left, PIECE);
                fill(in, one, count);
                digest.update(one, 0, count);
                left -= count;
            }
        } catch (IOException e) {
            throw UndockerException.because("the image: cannot be read", e);
        }
        return Digest.of(Digest.Algorithm.SHA256, digest);
    }

    private static void fill(InputStream in, byte[] target, int count) throws IOException {
        if (in.readNBytes(target, 0, count) != count) {
            throw FileSlice.shortened();
        }
    }
}
