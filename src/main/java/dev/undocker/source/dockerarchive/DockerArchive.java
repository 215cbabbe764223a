package dev.undocker.source.dockerarchive;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.FileSlice;
import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.LayerBlob;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;
import dev.undocker.source.ConfigDocument;
import dev.undocker.source.FileReference;
import dev.undocker.source.ImageFiles;
import dev.undocker.source.ImageForm;
import dev.undocker.source.ImageName;
import dev.undocker.source.JsonDocument;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What `docker save` writes since 1.10: a tar with `manifest.json`, which names configs and layers
/// in whatever way the writer likes
/// (<https://github.com/moby/docker-image-spec/blob/main/spec.md#combined-image-json--filesystem-changeset-format>).
@Singleton
public class DockerArchive implements ImageForm {
    private static final String MANIFEST = "manifest.json";
    private static final String LEGACY = "repositories";
    private static final int MOST_LISTED = 20;

    /// Configs that are named by a digest. It is a file's name and no promise: docker takes the
    /// bytes as they are, and tools that edit a config in place leave the name. kaniko and crane
    /// write `sha256:` in front.
    private static final Pattern CONFIG_DIGEST =
            Pattern.compile("(?:.*/|sha256:)?([0-9a-f]{64})(?:\\.json)?");

    /// Layers whose name is the digest of their stored bytes; in `HEX.tar` it may be the diffID.
    private static final Pattern BLOB_DIGEST =
            Pattern.compile("(?:\\./)?blobs/sha256/([0-9a-f]{64})");

    @Override
    public Set<String> transports() {
        return Set.of("docker-archive");
    }

    @Override
    public boolean isFormOf(ImageFiles files) {
        return files.isArchive()
                && (files.contains(MANIFEST)
                        || (files.contains(LEGACY)
                                && !files.contains("index.json")
                                && !files.contains("oci-layout")));
    }

    @Override
    public Image open(ImageFiles files, FileReference reference, OpenRequest request) {
        SavedImage saved = choose(files, images(files, request.events()), reference);
        byte[] rawConfig = config(files, saved.config(), request.events());
        ImageConfig config =
                ConfigDocument.parse(place(files, saved.config()), rawConfig, request.events());
        Platform wanted = request.platform();
        if (wanted != null && !wanted.accepts(config.platform())) {
            throw new UndockerException(
                    "%s: an image for %s, not for %s"
                            .formatted(files.location(), config.platform(), wanted));
        }
        return new Image(
                name(saved, reference.selector(), files.fallbackName()),
                reference.file(),
                config,
                rawConfig,
                null,
                layers(files, saved, config),
                files);
    }

    private static List<SavedImage> images(ImageFiles files, Warnings warnings) {
        FileSlice manifest = files.find(MANIFEST);
        if (manifest == null) {
            throw withoutManifest(files);
        }
        String place = place(files, MANIFEST);
        List<SavedImage> images = new ArrayList<>();
        for (JsonDocument entry :
                JsonDocument.parse(place, JsonDocument.read(place, manifest), warnings)
                        .elements()) {
            images.add(SavedImage.parse(images.size(), entry));
        }
        if (images.isEmpty()) {
            throw new UndockerException("%s: no image in it".formatted(place));
        }
        return images;
    }

    private static UndockerException withoutManifest(ImageFiles files) {
        if (files.contains("index.json")) {
            return new UndockerException(
                    "%s: not a docker-archive: no manifest.json in it".formatted(files.location()),
                    "write oci-archive instead of docker-archive",
                    null);
        }
        return files.contains(LEGACY)
                ? new UndockerException(
                        "%s: saved by docker before 1.10, without manifest.json: not supported"
                                .formatted(files.location()),
                        "load it into docker and save it again",
                        null)
                : new UndockerException(
                        "%s: not a docker-archive: no manifest.json in it"
                                .formatted(files.location()));
    }

    private static SavedImage choose(
            ImageFiles files, List<SavedImage> images, FileReference reference) {
        String selector = reference.selector();
        List<SavedImage> matching =
                selector == null
                        ? images
                        : images.stream().filter(image -> image.isCalled(selector)).toList();
        if (matching.isEmpty()) {
            throw new UndockerException(
                    "%s: no image %s; there are: %s"
                            .formatted(
                                    files.location(),
                                    selector,
                                    selectors(images, SavedImage::selector)));
        }
        if (matching.size() > 1) {
            // several images may have one tag: their numbers tell them apart
            boolean byName =
                    matching.stream().map(SavedImage::selector).distinct().count()
                            == matching.size();
            Function<SavedImage, String> choosing =
                    byName ? SavedImage::selector : SavedImage::numbered;
            throw new UndockerException(
                    "%s: %d images: %s"
                            .formatted(
                                    files.location(),
                                    matching.size(),
                                    selectors(matching, choosing)),
                    "choose one, for example docker-archive:%s:%s"
                            .formatted(reference.location(), choosing.apply(matching.getFirst())),
                    null);
        }
        return matching.getFirst();
    }

    private static String selectors(
            List<SavedImage> images, Function<SavedImage, String> selector) {
        String list =
                images.stream().limit(MOST_LISTED).map(selector).collect(Collectors.joining(", "));
        return images.size() > MOST_LISTED ? list + ", …" : list;
    }

    private static String name(SavedImage saved, @Nullable String selector, String fallback) {
        String asked = selector == null ? null : saved.tag(selector);
        if (asked == null && saved.tags().isEmpty()) {
            return fallback;
        }
        return ImageName.shorten(asked != null ? asked : saved.tags().getFirst());
    }

    private static byte[] config(ImageFiles files, String member, Warnings warnings) {
        String place = place(files, member);
        FileSlice file = files.find(member);
        if (file == null) {
            throw new UndockerException("%s: the config is missing".formatted(place));
        }
        byte[] bytes = JsonDocument.read(place, file);
        Matcher named = CONFIG_DIGEST.matcher(member);
        if (named.matches()) {
            Digest actual = Digest.sha256(bytes);
            if (!actual.hex().equals(named.group(1))) {
                warnings.warn(
                        "%s: does not match the digest in its name: it is %s"
                                .formatted(place, actual));
            }
        }
        return bytes;
    }

    private static List<LayerBlob> layers(ImageFiles files, SavedImage saved, ImageConfig config) {
        if (saved.layers().size() != config.diffIds().size()) {
            throw new UndockerException(
                    "%s: %d layers, but %d diff_ids in the config"
                            .formatted(
                                    files.location(),
                                    saved.layers().size(),
                                    config.diffIds().size()));
        }
        List<LayerBlob> layers = new ArrayList<>();
        for (String member : saved.layers()) {
            Digest diffId = config.diffIds().get(layers.size());
            layers.add(layer(files, layers.size() + 1, member, diffId));
        }
        return layers;
    }

    private static LayerBlob layer(ImageFiles files, int number, String member, Digest diffId) {
        Matcher named = BLOB_DIGEST.matcher(member);
        Digest digest =
                named.matches() ? new Digest(Digest.Algorithm.SHA256, named.group(1)) : null;
        FileSlice data = files.find(member);
        if (data == null) {
            throw new UndockerException(
                    "%s: layer %d (%s): %s is missing"
                            .formatted(
                                    files.location(),
                                    number,
                                    digest != null ? digest : diffId,
                                    member));
        }
        return new LayerBlob(number, digest, diffId, data);
    }

    private static String place(ImageFiles files, String member) {
        return files.location() + ": " + member;
    }
}
