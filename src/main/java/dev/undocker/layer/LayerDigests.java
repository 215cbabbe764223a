package dev.undocker.layer;

import dev.undocker.UndockerException;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;

import java.util.List;

/// Compares what a layer should be with what it is.
final class LayerDigests {
    private static final String DAMAGED = "the image is damaged: fetch or save it again";

    private LayerDigests() {}

    /// All that is said of a layer's bytes.
    static List<Digest> stated(LayerBlob blob) {
        return blob.digest() == null
                ? List.of(blob.diffId())
                : List.of(blob.diffId(), blob.digest());
    }

    /// Of a layer that is stored as its tar.
    ///
    /// @param actual the digest of the tar by one of the stated digests' algorithms
    /// @throws UndockerException naming the layer when one of that algorithm is another one
    static void requireTar(LayerBlob blob, Digest actual) {
        if (blob.diffId().algorithm() == actual.algorithm()) {
            requireDiffId(blob, actual);
        }
        if (blob.digest() != null && blob.digest().algorithm() == actual.algorithm()) {
            requireDigest(blob, actual);
        }
    }

    /// @param actual the digest of the uncompressed tar
    /// @throws UndockerException naming the layer when that is not its diffID
    static void requireDiffId(LayerBlob blob, Digest actual) {
        if (!actual.equals(blob.diffId())) {
            throw new UndockerException(
                    "%s: does not match its diffID %s: it is %s"
                            .formatted(blob, blob.diffId(), actual),
                    DAMAGED,
                    null);
        }
    }

    /// @param actual the digest of the stored bytes, by the same algorithm
    /// @throws UndockerException naming the layer when it has a digest and that is another one
    static void requireDigest(LayerBlob blob, Digest actual) {
        if (blob.digest() != null && !actual.equals(blob.digest())) {
            throw new UndockerException("%s: %s".formatted(blob, actual.mismatch()), DAMAGED, null);
        }
    }
}
