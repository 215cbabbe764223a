package dev.undocker.layer;

import dev.undocker.codec.Compression;
import dev.undocker.codec.DigestingInputStream;
import dev.undocker.codec.ReadAheadStream;
import dev.undocker.content.FileSlice;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.content.WatchedInputStream;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;
import dev.undocker.rootfs.Inode;
import dev.undocker.tar.TarSource;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Decodes compressed layers into temporary files, and of their content keeps nothing, or what the
/// layers above that were decoded earlier leave alive, as far as names can tell. What is wanted
/// after the merge and missing, as a link keeps it, is decoded again: [#lacking],
/// [SpooledLayer#complete].
///
/// Thread-safe. It owns the temporary files and closes them with itself.
final class LayerSpool implements Closeable {
    /// As many stored bytes as take longer to decode than a thread to start.
    private static final long WORTH_A_THREAD = 1 << 20;

    private final TemporaryFiles temporary;
    private final KeptContent kept;
    private final boolean verify;
    private final Allowance allowance;
    private final LayerProgress progress;
    private final Workload workload;
    private final UpperLayers upperLayers = new UpperLayers();
    private final Map<FileChannel, SpooledLayer> layers = new ConcurrentHashMap<>();

    /// @param workload what comes here, and the threads that it comes on
    LayerSpool(
            TemporaryFiles temporary,
            KeptContent kept,
            boolean verify,
            Allowance allowance,
            LayerProgress progress,
            Workload workload) {
        this.temporary = temporary;
        this.kept = kept;
        this.verify = verify;
        this.allowance = allowance;
        this.progress = progress;
        this.workload = workload;
    }

    /// Decodes the layer, and verifies it if that is wanted.
    List<LayerEntry> decode(LayerBlob blob) throws IOException {
        workload.begin();
        try {
            return read(blob);
        } finally {
            workload.end();
        }
    }

    private List<LayerEntry> read(LayerBlob blob) throws IOException {
        boolean selfVerifying = blob.data().isSelfVerifying();
        MessageDigest storedSum = selfVerifying ? null : sum(blob.digest(), blob);
        try (InputStream stored = digesting(progress.open(blob.data()), storedSum)) {
            FileSlice tar = selfVerifying ? LayerReader.tar(blob) : null;
            List<LayerEntry> entries;
            if (tar != null && blob.diffId().equals(blob.digest())) {
                // verified, and nothing to decode
                stored.transferTo(OutputStream.nullOutputStream());
                entries =
                        LayerIndex.read(blob, TarSource.of(tar), allowance, entry -> {}).entries();
            } else {
                entries = decode(blob, stored, storedSum);
            }
            if (kept == KeptContent.OF_SURVIVORS && !blob.isBase()) {
                upperLayers.add(blob.number(), entries);
            }
            return entries;
        }
    }

    private List<LayerEntry> decode(
            LayerBlob blob, InputStream stored, @Nullable MessageDigest storedSum)
            throws IOException {
        if (kept == KeptContent.OF_SURVIVORS) {
            temporary.requireSpace(blob.data().size());
        }
        SpooledLayer layer = new SpooledLayer(blob, temporary, file(), allowance);
        layers.put(layer.file(), layer);
        boolean ahead =
                blob.data().isHere()
                        && blob.data().size() >= WORTH_A_THREAD
                        && workload.takeSpare();
        try {
            return decode(layer, stored, storedSum, ahead);
        } catch (IOException | RuntimeException | Error e) {
            // what comes again needs the space
            layers.remove(layer.file());
            layer.close();
            throw e;
        } finally {
            if (ahead) {
                workload.end();
            }
        }
    }

    /// @param ahead true when a thread of its own may decode what this one hashes and writes
    private List<LayerEntry> decode(
            SpooledLayer layer,
            InputStream stored,
            @Nullable MessageDigest storedSum,
            boolean ahead)
            throws IOException {
        LayerBlob blob = layer.blob();
        List<LayerEntry> entries = List.of();
        MalformedLayerException malformed = null;
        MessageDigest tarSum = sum(blob.diffId(), blob);
        InputStream unpacked = Compression.decoded(stored, workload.bytes());
        ReadAheadStream reading =
                ahead
                        ? new ReadAheadStream(unpacked, Thread.currentThread().getName() + "-ahead")
                        : null;
        // a decoder may hold native memory
        try (InputStream decoded =
                new WatchedInputStream(
                        digesting(reading != null ? reading : unpacked, tarSum),
                        bytes -> allowance.decoded(blob, bytes))) {
            try {
                entries =
                        switch (kept) {
                            case OF_SURVIVORS -> layer.fill(decoded, upperLayers);
                            case ON_DEMAND, NONE -> layer.index(decoded);
                        };
            } catch (MalformedLayerException e) {
                // a digest that does not match would tell more
                malformed = e;
            }
            if (reading != null) {
                reading.stop();
            }
            if (blob.data().isSelfVerifying()) {
                stored.transferTo(OutputStream.nullOutputStream());
            }
            if (tarSum != null) {
                LayerDigests.requireDiffId(blob, Digest.of(blob.diffId().algorithm(), tarSum));
            }
            if (storedSum != null && blob.digest() != null) {
                stored.skip(Long.MAX_VALUE);
                LayerDigests.requireDigest(blob, Digest.of(blob.digest().algorithm(), storedSum));
            }
        }
        if (malformed != null) {
            throw malformed;
        }
        return entries;
    }

    /// What is kept goes there. Where nothing will be, contents still have to be somewhere: they
    /// end before they begin.
    private FileChannel file() throws IOException {
        return switch (kept) {
            case OF_SURVIVORS, ON_DEMAND -> temporary.create();
            case NONE -> FileChannel.open(Path.of("/dev/null"));
        };
    }

    private @Nullable MessageDigest sum(@Nullable Digest expected, LayerBlob blob) {
        return verify && expected != null
                ? expected.algorithm().newMessageDigest(blob.data().size())
                : null;
    }

    private static InputStream digesting(InputStream bytes, @Nullable MessageDigest sum) {
        return sum == null ? bytes : new DigestingInputStream(bytes, sum);
    }

    /// The layers of which content is missing that one of these inodes has. They know what they
    /// lack from now on.
    Set<SpooledLayer> lacking(Iterable<Inode> inodes) {
        Set<SpooledLayer> lacking = new HashSet<>();
        if (layers.isEmpty()) {
            return lacking;
        }
        for (Inode inode : inodes) {
            if (inode instanceof Inode.RegularFile file) {
                for (FileSlice piece : SpooledLayer.pieces(file.content())) {
                    SpooledLayer layer = layers.get(piece.file());
                    if (layer != null && layer.want(piece)) {
                        lacking.add(layer);
                    }
                }
            }
        }
        return lacking;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (SpooledLayer layer : layers.values()) {
            try {
                layer.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
