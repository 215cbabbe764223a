package dev.undocker.source.registry;

import dev.undocker.content.StoredBytes;

import java.io.InputStream;

/// A blob in a registry. Each time it is opened it is fetched.
///
/// @param path from the registry's top
record RemoteBlob(RegistryClient client, String path, long size) implements StoredBytes {
    @Override
    public InputStream open() {
        return new BlobStream(client, path, size);
    }
}
