package dev.undocker.source.manifest;

import java.util.Set;
import java.util.regex.Pattern;

/// What a media type says, in OCI's words and in Docker's (image-spec `media-types.md`).
enum MediaType {
    INDEX,
    MANIFEST,
    /// Docker's first schema, which has no config and names layers newest first.
    SCHEMA1,
    IMAGE_CONFIG,
    LAYER,
    /// Nothing is said, or something that a plain blob is labelled with.
    UNSAID,
    /// Anything else: what registries keep beside images.
    OTHER;

    private static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest";
    private static final Set<String> CONFIGS =
            Set.of(
                    "application/vnd.oci.image.config.v1+json",
                    "application/vnd.docker.container.image.v1+json");
    private static final Pattern LAYERS =
            Pattern.compile(
                    "application/vnd\\.(oci\\.image\\.layer(\\.nondistributable)?\\.v1\\.tar"
                            + "|docker\\.image\\.rootfs\\.(foreign\\.)?diff\\.tar)"
                            + "([.+](gzip|zstd|xz|bzip2))?");

    static MediaType of(String text) {
        return switch (text) {
            case "", "application/octet-stream" -> UNSAID;
            case "application/vnd.oci.image.index.v1+json", DOCKER_MANIFEST + ".list.v2+json" ->
                    INDEX;
            case "application/vnd.oci.image.manifest.v1+json", DOCKER_MANIFEST + ".v2+json" ->
                    MANIFEST;
            case DOCKER_MANIFEST + ".v1+json", DOCKER_MANIFEST + ".v1+prettyjws" -> SCHEMA1;
            default ->
                    CONFIGS.contains(text)
                            ? IMAGE_CONFIG
                            : LAYERS.matcher(text).matches() ? LAYER : OTHER;
        };
    }
}
