package dev.undocker.source.manifest;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.StoredBytes;
import dev.undocker.image.Digest;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

/// What the descriptor of an image leads to.
public sealed interface Document permits Index, Manifest {
    /// Reads the document behind a descriptor; size and digest are verified.
    static Document read(Blobs blobs, Descriptor descriptor, Warnings warnings) {
        String place = "%s: manifest (%s)".formatted(blobs.location(), descriptor.digest());
        return parse(
                place,
                descriptor.mediaType(),
                verified(
                        place,
                        sized(place, blobs.findManifest(descriptor), blobs, descriptor),
                        descriptor),
                warnings);
    }

    /// The bytes of a small blob, whose size and digest are verified.
    ///
    /// @param place names the blob in messages
    static byte[] verified(String place, Blobs blobs, Descriptor descriptor) {
        return verified(place, sized(place, blobs, descriptor), descriptor);
    }

    private static byte[] verified(String place, StoredBytes blob, Descriptor descriptor) {
        byte[] bytes = JsonDocument.read(place, blob);
        Digest actual = Digest.of(descriptor.digest().algorithm(), bytes);
        if (!actual.equals(descriptor.digest())) {
            throw new UndockerException("%s: %s".formatted(place, actual.mismatch()));
        }
        return bytes;
    }

    /// A blob, whose size is verified.
    ///
    /// @param place names the blob in messages
    static StoredBytes sized(String place, Blobs blobs, Descriptor descriptor) {
        return sized(place, blobs.find(descriptor), blobs, descriptor);
    }

    private static StoredBytes sized(
            String place, @Nullable StoredBytes blob, Blobs blobs, Descriptor descriptor) {
        if (blob == null) {
            throw new UndockerException(
                    "%s: %s is missing".formatted(place, blobs.path(descriptor)));
        }
        if (blob.size() != descriptor.size()) {
            throw new UndockerException(
                    "%s: does not match its size: %d bytes instead of %d"
                            .formatted(place, blob.size(), descriptor.size()));
        }
        return blob;
    }

    /// Reads an index or a manifest. A document that can be read as both is refused, since its
    /// digest would stand for two images (CVE-2021-41190).
    ///
    /// @param place names the document in messages
    /// @param expected the media type under which it was found; empty when none is said
    static Document parse(String place, String expected, byte[] bytes, Warnings warnings) {
        JsonDocument document = JsonDocument.parse(place, bytes, warnings);
        String said = document.string("mediaType");
        String mediaType = said == null ? expected : said;
        boolean hasManifests = document.has("manifests");
        boolean hasLayers = document.has("layers") || document.has("config");
        if (hasManifests && hasLayers) {
            throw document.refuse("both an index and a manifest (manifests and layers in it)");
        }
        return switch (MediaType.of(mediaType)) {
            case SCHEMA1 -> throw schema1(document);
            case INDEX -> {
                if (hasLayers) {
                    throw document.refuse("a manifest, although its media type is " + mediaType);
                }
                yield index(document);
            }
            case MANIFEST -> {
                if (hasManifests) {
                    throw document.refuse("an index, although its media type is " + mediaType);
                }
                yield manifest(document);
            }
            case UNSAID -> {
                if (document.has("fsLayers")) {
                    throw schema1(document);
                }
                yield hasManifests ? index(document) : manifest(document);
            }
            case IMAGE_CONFIG, LAYER, OTHER ->
                    throw document.refuse("not an image: its media type is " + mediaType);
        };
    }

    private static UndockerException schema1(JsonDocument document) {
        return document.refuse("an image manifest of Docker's schema 1, which is not supported")
                .withHint("convert it: skopeo copy --format v2s2 …");
    }

    private static Index index(JsonDocument document) {
        return new Index(document.elements("manifests").stream().map(Descriptor::parse).toList());
    }

    private static Manifest manifest(JsonDocument document) {
        return new Manifest(
                Descriptor.parse(document.require("config")),
                document.elements("layers").stream().map(Descriptor::parse).toList());
    }
}
