package dev.undocker.source.dirlayout;

import dev.undocker.UndockerException;
import dev.undocker.content.StoredBytes;
import dev.undocker.image.Image;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.PlatformImage;
import dev.undocker.source.FileReference;
import dev.undocker.source.ImageFiles;
import dev.undocker.source.ImageForm;
import dev.undocker.source.JsonDocument;
import dev.undocker.source.manifest.Descriptor;
import dev.undocker.source.manifest.Document;
import dev.undocker.source.manifest.ImageNaming;
import dev.undocker.source.manifest.Index;
import dev.undocker.source.manifest.ManifestImages;

import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The `dir:` layout of containers-transports(5): a manifest or index in `manifest.json`, the
/// manifests of an index in `HEX.manifest.json`, and blobs under their digests' hex
/// (<https://github.com/containers/image/blob/main/directory/directory_transport.go>). It holds one
/// image, which has no name.
@Singleton
public class DirLayout implements ImageForm {
    static final String MANIFEST = "manifest.json";

    /// How far to look for the document's first character.
    private static final int LONGEST_BLANK = 64;

    @Override
    public Set<String> transports() {
        return Set.of("dir");
    }

    @Override
    public boolean isFormOf(ImageFiles files) {
        return !files.isArchive() && files.contains(MANIFEST) && !isDockerArchive(files);
    }

    /// An unpacked docker-archive has a list under that name. The file `version` tells nothing:
    /// whoever reads this form does without.
    private static boolean isDockerArchive(ImageFiles files) {
        StoredBytes manifest = files.find(MANIFEST);
        try (InputStream in = Objects.requireNonNull(manifest).open()) {
            String head = new String(in.readNBytes(LONGEST_BLANK), StandardCharsets.US_ASCII);
            return head.stripLeading().startsWith("[");
        } catch (IOException e) {
            // said when it is read
            return false;
        }
    }

    @Override
    public Image open(ImageFiles files, FileReference reference, OpenRequest request) {
        return images(files, reference, request).open(request);
    }

    @Override
    public List<PlatformImage> platforms(
            ImageFiles files, FileReference reference, OpenRequest request) {
        return images(files, reference, request).platforms(request);
    }

    private static ManifestImages images(
            ImageFiles files, FileReference reference, OpenRequest request) {
        StoredBytes file = files.find(MANIFEST);
        if (file == null) {
            throw new UndockerException(
                    "%s: not a dir: layout: no %s in it".formatted(files.location(), MANIFEST));
        }
        String place = files.location() + ": " + MANIFEST;
        byte[] bytes = JsonDocument.read(place, file);
        Descriptor top = Descriptor.of(bytes);
        Document document = Document.parse(place, "", bytes, request.events());
        ImageNaming naming = new ImageNaming(null, "dir:", files.fallbackName(), reference.file());
        return new ManifestImages(new DirBlobs(files, top), Index.of(document, top), naming, files);
    }
}
