package dev.undocker.source.manifest;

import dev.undocker.content.StoredBytes;

import org.jspecify.annotations.Nullable;

/// Where the blobs of an image are found by digest. What is found is not verified yet.
public interface Blobs {
    /// What messages call the place.
    String location();

    /// @return the blob's bytes, null when it is missing
    @Nullable StoredBytes find(Descriptor descriptor);

    /// The same for a manifest or an index, which places may keep apart.
    default @Nullable StoredBytes findManifest(Descriptor descriptor) {
        return find(descriptor);
    }

    /// Where [#find] looks, for a message about a missing blob.
    String path(Descriptor descriptor);
}
