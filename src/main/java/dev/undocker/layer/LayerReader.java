package dev.undocker.layer;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.content.FileSlice;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;
import dev.undocker.tar.TarSource;

import org.jspecify.annotations.Nullable;

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
    private final Allowance allowance;
    private final LayerProgress progress;

    /// What [#verify] reads through, free to be used again. Outside the heap, from where the digest
    /// takes the bytes in small pieces: whole chunks would be copied there first.
    private final Queue<ByteBuffer> chunks = new ConcurrentLinkedQueue<>();

    /// @param spool for compressed layers
    /// @param allowance of all layers
    LayerReader(LayerSpool spool, Allowance allowance, LayerProgress progress) {
        this.spool = spool;
        this.allowance = allowance;
        this.progress = progress;
    }

    /// Makes the layer's entries known. A layer that is no tar on disk is decoded, and unless the
    /// user said otherwise verified on the way.
    ///
    /// @param tar where the layer lies as a tar; null when it is to be decoded
    List<LayerEntry> read(LayerBlob blob, @Nullable FileSlice tar) {
        try {
            return tar != null
                    ? LayerIndex.read(blob, TarSource.of(tar), allowance, entry -> {}).entries()
                    : spool.decode(blob);
        } catch (IOException e) {
            return again(blob, tar, unreadable(blob, e));
        } catch (UndockerException e) {
            return again(blob, tar, e);
        }
    }

    /// Whatever is wrong with a layer may be a damaged copy's fault.
    private List<LayerEntry> again(
            LayerBlob blob, @Nullable FileSlice tar, UndockerException failure) {
        if (blob.data().renew()) {
            return read(blob, tar);
        }
        throw failure;
    }

    /// Verifies a layer that [#read] did not: an uncompressed one, of which only headers were read.
    void verify(LayerBlob blob, FileSlice tar) {
        // the stored bytes are the tar, but each digest has an algorithm of its own
        Map<Digest.Algorithm, MessageDigest> sums = new EnumMap<>(Digest.Algorithm.class);
        for (Digest stated : LayerDigests.stated(blob)) {
            sums.computeIfAbsent(
                    stated.algorithm(), algorithm -> algorithm.newMessageDigest(tar.length()));
        }
        ByteBuffer chunk = chunk(tar.length());
        try {
            for (long at = 0; tar.read(chunk, at) > 0; chunk.clear()) {
                at += chunk.position();
                progress.checked(chunk.position());
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
            layer.complete(progress);
        } catch (IOException e) {
            throw unreadable(layer.blob(), e);
        }
    }

    /// Where the layer lies on disk as a tar, by its first bytes; null when it is packed, or lies
    /// elsewhere.
    static @Nullable FileSlice tar(LayerBlob blob) {
        FileSlice stored = blob.data().inPlace();
        if (stored == null) {
            return null;
        }
        try {
            return Compression.sniff(stored.stream()) == Compression.NONE ? stored : null;
        } catch (IOException e) {
            throw unreadable(blob, e);
        }
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
