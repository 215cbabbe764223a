package dev.undocker.source.manifest;

import java.util.List;

/// A list of manifests and further indexes (image-spec `image-index.md`; Docker's manifest list).
public record Index(List<Descriptor> manifests) implements Document {
    public Index {
        manifests = List.copyOf(manifests);
    }

    /// What stands where an index may stand: one, or a lone manifest.
    ///
    /// @param manifest of the document, should it be a manifest
    public static Index of(Document document, Descriptor manifest) {
        return switch (document) {
            case Index index -> index;
            case Manifest _ -> new Index(List.of(manifest));
        };
    }
}
