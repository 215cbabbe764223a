package dev.undocker.source.ocilayout;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.FileSlice;
import dev.undocker.image.Image;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.PlatformImage;
import dev.undocker.source.FileReference;
import dev.undocker.source.ImageFiles;
import dev.undocker.source.ImageForm;
import dev.undocker.source.JsonDocument;
import dev.undocker.source.manifest.Document;
import dev.undocker.source.manifest.ImageNaming;
import dev.undocker.source.manifest.Index;
import dev.undocker.source.manifest.Manifest;
import dev.undocker.source.manifest.ManifestImages;

import jakarta.inject.Singleton;

import java.util.List;
import java.util.Set;

/// The OCI image layout (image-spec `image-layout.md`): `oci-layout`, `index.json` and
/// `blobs/ALGORITHM/HEX`.
@Singleton
public class OciLayout implements ImageForm {
    private static final String MARKER = "oci-layout";
    private static final String INDEX = "index.json";
    private static final String INDEX_MEDIA_TYPE = "application/vnd.oci.image.index.v1+json";

    @Override
    public Set<String> transports() {
        return Set.of("oci", "oci-archive");
    }

    /// Docker from 25 on writes a layout and its own `manifest.json` into one archive, which then
    /// counts as docker-archive: that names what was saved.
    @Override
    public boolean isFormOf(ImageFiles files) {
        return !(files.isArchive() && files.contains("manifest.json"))
                && (files.contains(INDEX) || files.contains(MARKER));
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

    private static Index index(ImageFiles files, OpenRequest request) {
        requireVersion(files, request.events());
        String place = files.location() + ": " + INDEX;
        FileSlice file = files.find(INDEX);
        if (file == null) {
            throw new UndockerException(
                    "%s: not an OCI layout: no %s in it".formatted(files.location(), INDEX));
        }
        Document document =
                Document.parse(
                        place, INDEX_MEDIA_TYPE, JsonDocument.read(place, file), request.events());
        return switch (document) {
            case Index index -> index;
            case Manifest manifest ->
                    throw new UndockerException("%s: a manifest, not an index".formatted(place));
        };
    }

    /// Layouts without the marker are read too; one of another major version is not.
    private static void requireVersion(ImageFiles files, Warnings warnings) {
        FileSlice marker = files.find(MARKER);
        if (marker == null) {
            return;
        }
        String place = files.location() + ": " + MARKER;
        String version =
                JsonDocument.parse(place, JsonDocument.read(place, marker), warnings)
                        .string("imageLayoutVersion");
        if (version != null && !version.startsWith("1.")) {
            throw new UndockerException(
                    "%s: layout version %s is not supported".formatted(place, version));
        }
    }

    private static ManifestImages images(
            ImageFiles files, FileReference reference, OpenRequest request) {
        String transport = files.isArchive() ? "oci-archive:" : "oci:";
        ImageNaming naming =
                new ImageNaming(
                        reference.selector(),
                        transport + reference.location() + ":",
                        files.fallbackName(),
                        reference.file());
        return new ManifestImages(new LayoutBlobs(files), index(files, request), naming, files);
    }
}
