package dev.undocker.source.dirlayout;

import dev.undocker.content.StoredBytes;
import dev.undocker.source.ImageFiles;
import dev.undocker.source.manifest.Blobs;
import dev.undocker.source.manifest.Descriptor;

import org.jspecify.annotations.Nullable;

/// The blobs of a `dir:` layout, which lie side by side under their digests' hex.
///
/// @param top of the document in `manifest.json`
record DirBlobs(ImageFiles files, Descriptor top) implements Blobs {
    @Override
    public String location() {
        return files.location();
    }

    @Override
    public @Nullable StoredBytes find(Descriptor descriptor) {
        return files.find(path(descriptor));
    }

    @Override
    public @Nullable StoredBytes findManifest(Descriptor descriptor) {
        String hex = descriptor.digest().hex();
        return files.find(
                descriptor.digest().equals(top.digest())
                        ? DirLayout.MANIFEST
                        : hex + "." + DirLayout.MANIFEST);
    }

    @Override
    public String path(Descriptor descriptor) {
        return descriptor.digest().hex();
    }
}
