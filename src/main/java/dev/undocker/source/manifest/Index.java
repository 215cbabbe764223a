package dev.undocker.source.manifest;

import java.util.List;

/// A list of manifests and further indexes (image-spec `image-index.md`; Docker's manifest list).
public record Index(List<Descriptor> manifests) implements Document {
    public Index {
        manifests = List.copyOf(manifests);
    }
}
