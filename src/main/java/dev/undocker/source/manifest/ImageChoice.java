package dev.undocker.source.manifest;

import dev.undocker.UndockerException;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;
import dev.undocker.source.ConfigDocument;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the one image that the user means among those that an index leads to. Attestations,
/// signatures and other artifacts are no images. Made for one choice.
final class ImageChoice {
    /// Real images nest two deep.
    private static final int DEEPEST = 8;

    /// Bounds the work for indexes that list each other's content over and over.
    private static final int MOST_DOCUMENTS = 1000;

    private static final int MOST_LISTED = 20;

    private final Blobs blobs;
    private final ImageNaming naming;
    private final OpenRequest request;
    private int documents;

    ImageChoice(Blobs blobs, ImageNaming naming, OpenRequest request) {
        this.blobs = blobs;
        this.naming = naming;
        this.request = request;
    }

    Candidate choose(Index top) {
        List<Candidate> images = images(top);
        if (images.size() > 1) {
            images = images.stream().flatMap(this::examine).toList();
        }
        return switch (images.size()) {
            case 0 -> throw refuse("no image in it");
            case 1 -> images.getFirst();
            default -> oneOf(images);
        };
    }

    /// All that there are of the name that the user said, if any.
    List<Candidate> all(Index top) {
        return images(top).stream().flatMap(this::examine).toList();
    }

    private List<Candidate> images(Index top) {
        List<Candidate> entries = new ArrayList<>();
        for (Descriptor descriptor : top.manifests()) {
            entries.add(Candidate.top(descriptor, entries.size()));
        }
        List<Candidate> images = new ArrayList<>();
        for (Candidate entry : selected(entries)) {
            expand(entry, 0, images);
        }
        return distinct(images);
    }

    private List<Candidate> selected(List<Candidate> entries) {
        String selector = naming.selector();
        if (selector == null) {
            return entries;
        }
        List<Candidate> matching = filter(entries, entry -> entry.isCalled(selector));
        if (matching.isEmpty()) {
            matching = filter(entries, entry -> entry.isLooselyCalled(selector));
        }
        if (matching.isEmpty()) {
            throw refuse("no image %s; there are: %s".formatted(selector, selectors(entries)));
        }
        return matching;
    }

    private void expand(Candidate candidate, int depth, List<Candidate> images) {
        Descriptor descriptor = candidate.descriptor();
        if (descriptor.isAttestation() || descriptor.artifactType() != null) {
            return;
        }
        switch (descriptor.kind()) {
            case MANIFEST, SCHEMA1 -> images.add(candidate);
            case OTHER, IMAGE_CONFIG, LAYER -> {}
            case INDEX, UNSAID -> {
                if (depth == DEEPEST) {
                    throw refuse("indexes are nested more than %d deep".formatted(DEEPEST));
                }
                switch (read(descriptor)) {
                    case Manifest manifest -> images.add(candidate);
                    case Index index -> {
                        for (Descriptor entry : index.manifests()) {
                            expand(candidate.child(entry), depth + 1, images);
                        }
                    }
                }
            }
        }
        if (images.size() > MOST_DOCUMENTS) {
            throw tooMany();
        }
    }

    private Document read(Descriptor descriptor) {
        if (++documents > MOST_DOCUMENTS) {
            throw tooMany();
        }
        return Document.read(blobs, descriptor, request.events());
    }

    private UndockerException tooMany() {
        return refuse("more than %d manifests in it".formatted(MOST_DOCUMENTS));
    }

    private static List<Candidate> distinct(List<Candidate> images) {
        Set<Object> seen = new HashSet<>();
        return filter(images, image -> seen.add(image.descriptor().digest()));
    }

    /// Finds out what no index says: whether it is an image, and its platform. Where an index names
    /// a platform it is believed unread: blobs may be missing where one platform of several was
    /// saved.
    private Stream<Candidate> examine(Candidate candidate) {
        if (candidate.platform() != null) {
            return Stream.of(candidate);
        }
        if (!(read(candidate.descriptor()) instanceof Manifest manifest) || !manifest.isImage()) {
            return Stream.empty();
        }
        String place = ManifestImages.configPlace(blobs, manifest.config());
        byte[] config = Document.verified(place, blobs, manifest.config());
        return Stream.of(
                candidate.withPlatform(
                        ConfigDocument.parse(place, config, request.events()).platform()));
    }

    private Candidate oneOf(List<Candidate> images) {
        Platform wanted = request.platform();
        if (wanted == null && names(images).size() > 1) {
            throw several("", images);
        }
        Platform platform = wanted != null ? wanted : Platform.host();
        OptionalInt nearest =
                images.stream().flatMapToInt(image -> distance(platform, image).stream()).min();
        List<Candidate> left =
                filter(
                        images,
                        image -> nearest.isPresent() && distance(platform, image).equals(nearest));
        if (left.isEmpty()) {
            throw refuse("no image for %s; there are: %s".formatted(platform, platforms(images)))
                    .withHint("choose one of them with --platform");
        }
        if (left.size() > 1) {
            throw several(" for " + platform, left);
        }
        Candidate chosen = left.getFirst();
        return isThere(chosen) ? chosen : insteadOf(chosen, platform, images);
    }

    /// Where only some platforms were saved, an index still names them all
    /// (<https://github.com/moby/moby/pull/48718>).
    private Candidate insteadOf(Candidate missing, Platform platform, List<Candidate> images) {
        List<Candidate> there = filter(images, this::isThere);
        if (there.isEmpty()) {
            return missing;
        }
        String sentence =
                "the image for %s is not in it; there are: %s"
                        .formatted(platform, platforms(there));
        if (request.platform() != null || there.size() > 1) {
            throw refuse(sentence)
                    .withHint("choose one with --platform " + there.getFirst().platform());
        }
        request.events().warn("%s: %s, which is taken".formatted(blobs.location(), sentence));
        return there.getFirst();
    }

    private boolean isThere(Candidate image) {
        return blobs.find(image.descriptor()) != null;
    }

    private UndockerException several(String which, List<Candidate> images) {
        long words = images.stream().map(Candidate::selector).distinct().count();
        Function<Candidate, String> selector =
                words == images.size() ? Candidate::selector : Candidate::numbered;
        List<String> selectors = images.stream().map(selector).distinct().toList();
        return refuse("%d images%s: %s".formatted(images.size(), which, list(selectors)))
                .withHint(
                        "choose one, for example %s%s"
                                .formatted(naming.prefix(), selectors.getFirst()));
    }

    private static OptionalInt distance(Platform platform, Candidate image) {
        return image.platform() == null ? OptionalInt.empty() : platform.distance(image.platform());
    }

    private static Set<String> names(List<Candidate> images) {
        return images.stream()
                .map(image -> String.valueOf(image.name()))
                .collect(Collectors.toSet());
    }

    private static String selectors(List<Candidate> images) {
        return list(images.stream().map(Candidate::selector).distinct().toList());
    }

    private static String platforms(List<Candidate> images) {
        Set<String> platforms = new TreeSet<>();
        for (Candidate image : images) {
            platforms.add(image.platform() == null ? "unknown" : image.platform().toString());
        }
        return list(List.copyOf(platforms));
    }

    private static String list(List<String> words) {
        String text = words.stream().limit(MOST_LISTED).collect(Collectors.joining(", "));
        return words.size() > MOST_LISTED ? text + ", …" : text;
    }

    private static List<Candidate> filter(List<Candidate> from, Predicate<Candidate> which) {
        return from.stream().filter(which).toList();
    }

    private UndockerException refuse(String reason) {
        return new UndockerException("%s: %s".formatted(blobs.location(), reason));
    }
}
