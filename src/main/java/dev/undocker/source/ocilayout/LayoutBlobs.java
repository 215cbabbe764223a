package dev.undocker.source.ocilayout;

import dev.undocker.content.StoredBytes;
import dev.undocker.source.ImageFiles;
import dev.undocker.source.manifest.Blobs;
import dev.undocker.source.manifest.Descriptor;

import org.jspecify.annotations.Nullable;

/// The blobs of a layout. A digest is safe as a file name.
record LayoutBlobs(ImageFiles files) implements Blobs {
    @Override
    public String location() {
        return files.location();
    }

    @Override
    public @Nullable StoredBytes find(Descriptor descriptor) {
        return files.find(path(descriptor));
    }

    @Override
    public String path(Descriptor descriptor) {
        return "blobs/%s/%s"
                .formatted(descriptor.digest().algorithm().word(), descriptor.digest().hex());
    }
}
