package dev.undocker.source.manifest;

import dev.undocker.content.FileSlice;

import org.jspecify.annotations.Nullable;

/// Where the blobs of an image are found by digest. What is found is not verified yet.
public interface Blobs {
    /// What messages call the place.
    String location();

    /// @return the blob's bytes, null when it is missing
    @Nullable FileSlice find(Descriptor descriptor);

    /// Where [#find] looks, for a message about a missing blob.
    String path(Descriptor descriptor);
}
