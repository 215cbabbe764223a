package dev.undocker.source.registry;

import dev.undocker.source.cache.Origin;

/// A blob in a registry. Each time it is opened it is fetched.
///
/// @param path from the registry's top, or a whole URL
record RemoteBlob(RegistryClient client, String path, long size) implements Origin {
    @Override
    public BlobStream open(long from) {
        return new BlobStream(client, path, size, from);
    }

    @Override
    public String toString() {
        return "%s for %s".formatted(client.failures().host(), client.failures().reference());
    }
}
