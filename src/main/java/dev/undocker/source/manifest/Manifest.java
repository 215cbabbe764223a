package dev.undocker.source.manifest;

import java.util.List;

/// What one image for one platform consists of (image-spec `manifest.md`).
///
/// @param layers base first
public record Manifest(Descriptor config, List<Descriptor> layers) implements Document {
    public Manifest {
        layers = List.copyOf(layers);
    }

    /// False for signatures and other artifacts, whose config is something else.
    boolean isImage() {
        return switch (config.kind()) {
            case IMAGE_CONFIG, UNSAID -> true;
            case INDEX, MANIFEST, SCHEMA1, LAYER, OTHER -> false;
        };
    }
}
