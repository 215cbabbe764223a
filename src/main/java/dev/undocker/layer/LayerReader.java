package dev.undocker.layer;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.DigestingInputStream;
import dev.undocker.content.FileSlice;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Reads single layers: finds the compression, decodes, verifies, indexes. Thread-safe. It owns the
/// temporary files behind the indexes and closes them with itself.
final class LayerReader implements Closeable {
    private static final int CHUNK = 256 << 10;

    private final TemporaryFiles temporary;
    private final boolean verify;
    private final Set<FileChannel> decoded = ConcurrentHashMap.newKeySet();

    LayerReader(TemporaryFiles temporary, boolean verify) {
        this.temporary = temporary;
        this.verify = verify;
    }

    /// Makes the layer's entries known. A compressed layer is decoded, and unless the user said
    /// otherwise verified on the way.
    List<LayerEntry> read(LayerBlob blob) {
        try {
            Compression compression = compression(blob);
            FileSlice tar =
                    compression == Compression.NONE ? blob.data() : decode(blob, compression);
            return LayerIndex.read(blob, tar).entries();
        } catch (IOException e) {
            throw unreadable(blob, e);
        }
    }

    /// Verifies a layer that [#read] did not: an uncompressed one, of which only headers were read.
    void verify(LayerBlob blob) {
        try {
            if (compression(blob) != Compression.NONE) {
                return;
            }
            MessageDigest digest = blob.diffId().algorithm().newMessageDigest();
            byte[] chunk = new byte[CHUNK];
            try (InputStream in = blob.data().stream()) {
                for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                    digest.update(chunk, 0, n);
                    stopIfInterrupted();
                }
            }
            requireDiffId(blob, Digest.of(blob.diffId().algorithm(), digest));
            if (blob.digest() != null && blob.digest().algorithm() == blob.diffId().algorithm()) {
                requireDigest(blob, blob.digest(), blob.diffId());
            }
        } catch (IOException e) {
            throw unreadable(blob, e);
        }
    }

    private static Compression compression(LayerBlob blob) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Compression.MAGIC_LENGTH);
        while (head.hasRemaining()) {
            if (blob.data().read(head, head.position()) < 0) {
                break;
            }
        }
        return Compression.sniff(head.array(), head.position());
    }

    private FileSlice decode(LayerBlob blob, Compression compression) throws IOException {
        temporary.requireSpace(blob.data().length());
        try (InputStream bytes = blob.data().stream()) {
            Digest digest = blob.digest();
            if (!verify) {
                return spooled(compression.decode(bytes));
            }
            if (digest == null) {
                return spooledAndVerified(blob, compression.decode(bytes));
            }
            MessageDigest sum = digest.algorithm().newMessageDigest();
            DigestingInputStream stored = new DigestingInputStream(bytes, sum);
            FileSlice tar = spooledAndVerified(blob, compression.decode(stored));
            stored.drain();
            requireDigest(blob, digest, Digest.of(digest.algorithm(), sum));
            return tar;
        }
    }

    private FileSlice spooledAndVerified(LayerBlob blob, InputStream tar) throws IOException {
        Digest.Algorithm algorithm = blob.diffId().algorithm();
        MessageDigest sum = algorithm.newMessageDigest();
        FileSlice spooled = spooled(new DigestingInputStream(tar, sum));
        requireDiffId(blob, Digest.of(algorithm, sum));
        return spooled;
    }

    private FileSlice spooled(InputStream tar) throws IOException {
        // a decoder may hold native memory
        try (tar) {
            FileChannel file = temporary.spool(tar);
            decoded.add(file);
            return new FileSlice(file, 0, file.size());
        }
    }

    private static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new UndockerException("interrupted");
        }
    }

    private static void requireDigest(LayerBlob blob, Digest expected, Digest actual) {
        if (!actual.equals(expected)) {
            throw new UndockerException(
                    "%s: does not match its digest: it is %s".formatted(blob, actual));
        }
    }

    private static void requireDiffId(LayerBlob blob, Digest actual) {
        if (!actual.equals(blob.diffId())) {
            throw new UndockerException(
                    "%s: does not match its diffID %s: it is %s"
                            .formatted(blob, blob.diffId(), actual));
        }
    }

    private static UndockerException unreadable(LayerBlob blob, IOException cause) {
        return UndockerException.because(blob.toString(), cause);
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : decoded) {
            file.close();
        }
    }
}
