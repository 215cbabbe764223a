package dev.undocker.image;

import dev.undocker.content.StoredBytes;

import org.jspecify.annotations.Nullable;

/// One layer as the image stores it.
///
/// @param number 1 for the base layer
/// @param digest of the stored bytes; null where the image form has none (older docker-archives)
/// @param diffId of the uncompressed tar
/// @param data the stored bytes, compressed or not; the image's to close
public record LayerBlob(int number, @Nullable Digest digest, Digest diffId, StoredBytes data) {
    /// Whether there is no layer below.
    public boolean isBase() {
        return number == 1;
    }

    /// The layer in a message: its number and the digest that the user can look up.
    @Override
    public String toString() {
        return "layer %d (%s)".formatted(number, digest != null ? digest : diffId);
    }
}
