package dev.undocker.source.registry;

import dev.undocker.content.StoredBytes;
import dev.undocker.source.JsonDocument;
import dev.undocker.source.manifest.Blobs;
import dev.undocker.source.manifest.Descriptor;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// What a repository holds. Whether it really does is known when a blob is opened.
///
/// @param reference the image as the user names it
/// @param repository its path in the registry
/// @param top of the document that the reference leads to
/// @param document that document
record RegistryBlobs(
        RegistryClient client, String reference, String repository, Descriptor top, byte[] document)
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
        return new RemoteBlob(client, path(descriptor), descriptor.size());
    }

    @Override
    public StoredBytes findManifest(Descriptor descriptor) {
        if (descriptor.digest().equals(top.digest())) {
            return new Read(document);
        }
        String path = manifestPath(repository, descriptor.digest().toString());
        return new Read(client.document(path, MANIFESTS, JsonDocument.LIMIT));
    }

    @Override
    public String path(Descriptor descriptor) {
        return "/v2/%s/blobs/%s".formatted(repository, descriptor.digest());
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
