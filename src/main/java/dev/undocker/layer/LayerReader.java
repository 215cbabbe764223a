package dev.undocker.layer;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;
import dev.undocker.tar.TarSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Reads single layers: finds the compression, indexes, verifies. Thread-safe.
final class LayerReader {
    private static final int CHUNK = 256 << 10;

    private final LayerSpool spool;

    /// What [#verify] reads through, free to be used again. Outside the heap, from where the digest
    /// takes the bytes in small pieces: whole chunks would be copied there first.
    private final Queue<ByteBuffer> chunks = new ConcurrentLinkedQueue<>();

    /// @param spool for compressed layers
    LayerReader(LayerSpool spool) {
        this.spool = spool;
    }

    /// Makes the layer's entries known. A compressed layer is decoded, and unless the user said
    /// otherwise verified on the way.
    List<LayerEntry> read(LayerBlob blob, Compression compression) {
        try {
            return compression == Compression.NONE
                    ? LayerIndex.read(blob, TarSource.of(blob.data()), entry -> {}).entries()
                    : spool.decode(blob, compression);
        } catch (IOException e) {
            throw unreadable(blob, e);
        }
    }

    /// Verifies a layer that [#read] did not: an uncompressed one, of which only headers were read.
    void verify(LayerBlob blob) {
        // the stored bytes are the tar, but each digest has an algorithm of its own
        Map<Digest.Algorithm, MessageDigest> sums = new EnumMap<>(Digest.Algorithm.class);
        for (Digest stated : LayerDigests.stated(blob)) {
            sums.computeIfAbsent(stated.algorithm(), Digest.Algorithm::newMessageDigest);
        }
        ByteBuffer chunk = chunk(blob.data().length());
        try {
            for (long at = 0; blob.data().read(chunk, at) > 0; chunk.clear()) {
                at += chunk.position();
                chunk.flip();
                for (MessageDigest sum : sums.values()) {
                    sum.update(chunk.rewind());
                }
                stopIfInterrupted();
            }
        } catch (IOException e) {
            throw unreadable(blob, e);
        }
        chunks.add(chunk);
        sums.forEach((algorithm, sum) -> LayerDigests.requireTar(blob, Digest.of(algorithm, sum)));
    }

    private ByteBuffer chunk(long length) {
        int size = (int) Math.min(CHUNK, length);
        ByteBuffer free = chunks.poll();
        return free != null && free.capacity() >= size
                ? free.clear()
                : ByteBuffer.allocateDirect(size);
    }

    /// Completes a layer that was kept in part.
    void complete(SpooledLayer layer) {
        try {
            layer.complete();
        } catch (IOException e) {
            throw unreadable(layer.blob(), e);
        }
    }

    /// How the layer is compressed, by its first bytes.
    static Compression compression(LayerBlob blob) {
        ByteBuffer head = ByteBuffer.allocate(Compression.MAGIC_LENGTH);
        try {
            while (head.hasRemaining()) {
                if (blob.data().read(head, head.position()) < 0) {
                    break;
                }
            }
        } catch (IOException e) {
            throw unreadable(blob, e);
        }
        return Compression.sniff(head.array(), head.position());
    }

    private static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new UndockerException("interrupted");
        }
    }

    private static UndockerException unreadable(LayerBlob blob, IOException cause) {
        return UndockerException.because(blob.toString(), cause);
    }
}
