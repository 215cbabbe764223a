package dev.undocker.source.manifest;

import dev.undocker.image.Digest;
import dev.undocker.image.Platform;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A reference to a blob (image-spec `descriptor.md`).
///
/// @param mediaType empty when not said
/// @param size in bytes
/// @param platform null when not said
/// @param artifactType null for images
/// @param urls where else the blob is said to be
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        @Nullable Platform platform,
        @Nullable String artifactType,
        Map<String, String> annotations,
        List<String> urls) {
    private static final String UNKNOWN = "unknown";

    public Descriptor {
        annotations = Map.copyOf(annotations);
        urls = List.copyOf(urls);
    }

    /// Of a document that nothing but itself describes.
    public static Descriptor of(byte[] document) {
        return new Descriptor(
                "", Digest.sha256(document), document.length, null, null, Map.of(), List.of());
    }

    static Descriptor parse(JsonDocument document) {
        String mediaType = document.string("mediaType");
        return new Descriptor(
                mediaType == null ? "" : mediaType,
                document.require("digest").digest(),
                document.size("size"),
                platform(document.get("platform")),
                document.string("artifactType"),
                document.stringMap("annotations"),
                document.strings("urls"));
    }

    private static @Nullable Platform platform(@Nullable JsonDocument document) {
        if (document == null) {
            return null;
        }
        String os = document.string("os");
        String architecture = document.string("architecture");
        return os == null || architecture == null
                ? null
                : new Platform(os, architecture, document.string("variant"));
    }

    MediaType kind() {
        return MediaType.of(mediaType);
    }

    /// The name that a layout gives an image: containerd's full one, else the specification's
    /// (`annotations.md`), which may be a tag alone.
    public @Nullable String name() {
        String full = annotations.get("io.containerd.image.name");
        return full != null ? full : refName();
    }

    /// `org.opencontainers.image.ref.name`.
    public @Nullable String refName() {
        return annotations.get("org.opencontainers.image.ref.name");
    }

    /// True for what BuildKit puts beside an image: provenance and bills of materials
    /// (<https://docs.docker.com/build/metadata/attestations/attestation-storage/>).
    boolean isAttestation() {
        return annotations.containsKey("vnd.docker.reference.type")
                || (platform != null
                        && platform.os().equals(UNKNOWN)
                        && platform.architecture().equals(UNKNOWN));
    }
}
