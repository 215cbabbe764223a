package dev.undocker.source.manifest;

import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.LayerBlob;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;
import dev.undocker.image.PlatformImage;
import dev.undocker.source.ConfigDocument;
import dev.undocker.source.ImageName;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The images that an index leads to.
///
/// @param blobs where their blobs are
/// @param top the outermost index
/// @param resources what the image closes
public record ManifestImages(Blobs blobs, Index top, ImageNaming naming, Closeable resources) {
    /// Chooses an image and reads its manifest and config; their sizes and digests are verified,
    /// and the sizes of the layers.
    public Image open(OpenRequest request) {
        Candidate chosen = new ImageChoice(blobs, naming, request).choose(top);
        Descriptor descriptor = chosen.descriptor();
        if (!(Document.read(blobs, descriptor, request.events()) instanceof Manifest manifest)) {
            throw refuse("%s: an index where a manifest should be".formatted(descriptor.digest()));
        }
        if (!manifest.hasImageConfig()) {
            throw refuse(
                    "%s: not an image: its config has the media type %s"
                            .formatted(descriptor.digest(), manifest.config().mediaType()));
        }
        String place = configPlace(blobs, manifest.config());
        byte[] rawConfig = Document.verified(place, blobs, manifest.config());
        ImageConfig config = ConfigDocument.parse(place, rawConfig, request.events());
        requirePlatform(request, chosen.platform() != null ? chosen.platform() : config.platform());
        return new Image(
                chosen.name() != null ? ImageName.shorten(chosen.name()) : naming.fallback(),
                naming.file(),
                config,
                rawConfig,
                descriptor.digest(),
                layers(manifest.layers(), config),
                resources);
    }

    /// The images for all platforms.
    public List<PlatformImage> platforms(OpenRequest request) {
        List<PlatformImage> images = new ArrayList<>();
        for (Candidate image : new ImageChoice(blobs, naming, request).all(top)) {
            images.add(
                    new PlatformImage(
                            image.name(),
                            image.platform(),
                            image.descriptor().digest(),
                            size(image.descriptor(), request)));
        }
        return images;
    }

    private OptionalLong size(Descriptor descriptor, OpenRequest request) {
        return descriptor.kind() != MediaType.SCHEMA1
                        && blobs.findManifest(descriptor) != null
                        && Document.read(blobs, descriptor, request.events())
                                instanceof Manifest manifest
                ? OptionalLong.of(manifest.size())
                : OptionalLong.empty();
    }

    private void requirePlatform(OpenRequest request, Platform platform) {
        Platform wanted = request.platform();
        if (wanted != null && !wanted.accepts(platform)) {
            throw refuse("an image for %s, not for %s".formatted(platform, wanted));
        }
    }

    private List<LayerBlob> layers(List<Descriptor> descriptors, ImageConfig config) {
        if (descriptors.size() != config.diffIds().size()) {
            throw refuse(
                    "%d layers, but %d diff_ids in the config"
                            .formatted(descriptors.size(), config.diffIds().size()));
        }
        List<LayerBlob> layers = new ArrayList<>();
        for (Descriptor descriptor : descriptors) {
            int number = layers.size() + 1;
            String place =
                    "%s: layer %d (%s)".formatted(blobs.location(), number, descriptor.digest());
            requireLayer(place, descriptor);
            layers.add(
                    new LayerBlob(
                            number,
                            descriptor.digest(),
                            config.diffIds().get(number - 1),
                            Document.sized(place, blobs, descriptor)));
        }
        return layers;
    }

    private static void requireLayer(String place, Descriptor descriptor) {
        switch (descriptor.kind()) {
            case LAYER, UNSAID -> {}
            case INDEX, MANIFEST, SCHEMA1, IMAGE_CONFIG, OTHER ->
                    throw new UndockerException(
                            "%s: not a layer that can be unpacked: its media type is %s"
                                    .formatted(place, descriptor.mediaType()));
        }
    }

    static String configPlace(Blobs blobs, Descriptor config) {
        return "%s: config (%s)".formatted(blobs.location(), config.digest());
    }

    private UndockerException refuse(String reason) {
        return new UndockerException("%s: %s".formatted(blobs.location(), reason));
    }
}
