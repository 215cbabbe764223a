package dev.undocker.source.manifest;

import java.util.List;

/// What one image for one platform consists of (image-spec `manifest.md`).
///
/// @param layers base first
public record Manifest(Descriptor config, List<Descriptor> layers) implements Document {
    public Manifest {
        layers = List.copyOf(layers);
    }

    /// Of config and layers as they are stored, in bytes.
    long size() {
        return config.size() + layers.stream().mapToLong(Descriptor::size).sum();
    }

    /// False for artifacts, whose config is something else than an image's.
    boolean hasImageConfig() {
        return switch (config.kind()) {
            case IMAGE_CONFIG, UNSAID -> true;
            case INDEX, MANIFEST, SCHEMA1, LAYER, OTHER -> false;
        };
    }

    /// False for signatures and attestations too: cosign gives them an image's config, but what it
    /// signs with is no layer.
    boolean isImage() {
        return hasImageConfig()
                && (layers.isEmpty()
                        || layers.stream().anyMatch(layer -> layer.kind() != MediaType.OTHER));
    }
}
