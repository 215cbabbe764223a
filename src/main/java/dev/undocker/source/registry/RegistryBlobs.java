package dev.undocker.source.registry;

import dev.undocker.content.StoredBytes;
import dev.undocker.source.JsonDocument;
import dev.undocker.source.cache.BlobCache;
import dev.undocker.source.cache.Origin;
import dev.undocker.source.manifest.Blobs;
import dev.undocker.source.manifest.Descriptor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// What a repository holds. Whether it really does is known when a blob is opened.
///
/// @param foreign where else the image says that its blobs are
/// @param reference the image as the user names it
/// @param repository its path in the registry
/// @param cache keeps what is fetched
/// @param top of the document that the reference leads to
/// @param document that document
record RegistryBlobs(
        RegistryClient client,
        ForeignServers foreign,
        BlobCache cache,
        String reference,
        String repository,
        Descriptor top,
        byte[] document)
        implements Blobs {
    /// The documents that are understood, and the old ones that are recognised.
    static final String MANIFESTS =
            String.join(
                    ", ",
                    "application/vnd.oci.image.index.v1+json",
                    "application/vnd.oci.image.manifest.v1+json",
                    "application/vnd.docker.distribution.manifest.list.v2+json",
                    "application/vnd.docker.distribution.manifest.v2+json",
                    "application/vnd.docker.distribution.manifest.v1+prettyjws;q=0.1",
                    "application/vnd.docker.distribution.manifest.v1+json;q=0.1");

    /// @param manifest a tag or digest
    static String manifestPath(String repository, String manifest) {
        return "/v2/%s/manifests/%s".formatted(repository, manifest);
    }

    @Override
    public String location() {
        return reference;
    }

    @Override
    public StoredBytes find(Descriptor descriptor) {
        RemoteBlob blob = new RemoteBlob(client, path(descriptor), descriptor.size());
        return cache.blob(
                descriptor.digest(),
                descriptor.urls().isEmpty()
                        ? blob
                        : new ForeignBlob(blob, descriptor.urls(), foreign));
    }

    @Override
    public StoredBytes findManifest(Descriptor descriptor) {
        if (descriptor.digest().equals(top.digest())) {
            return new Read(document);
        }
        return cache.blob(
                descriptor.digest(),
                new RemoteManifest(
                        client,
                        manifestPath(repository, descriptor.digest().toString()),
                        descriptor.size()));
    }

    @Override
    public String path(Descriptor descriptor) {
        return "/v2/%s/blobs/%s".formatted(repository, descriptor.digest());
    }

    /// A document of the registry, which is fetched as a whole.
    private record RemoteManifest(RegistryClient client, String path, long size) implements Origin {
        @Override
        public InputStream open(long from) throws IOException {
            InputStream in =
                    new ByteArrayInputStream(client.document(path, MANIFESTS, JsonDocument.LIMIT));
            in.skipNBytes(from);
            return in;
        }

        @Override
        public String toString() {
            return new RemoteBlob(client, path, size).toString();
        }
    }

    /// A document that was read already.
    private record Read(byte[] bytes) implements StoredBytes {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
