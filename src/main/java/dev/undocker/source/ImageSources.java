package dev.undocker.source;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.image.ImageLocation;
import dev.undocker.image.ImageSource;
import dev.undocker.image.LateReading;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;
import dev.undocker.image.PlatformImage;

import io.quarkus.arc.All;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Finds whatever image the user names, through the one source that has its transport.
@Singleton
public class ImageSources {
    private static final Set<String> ELSEWHERE = Set.of("ostree", "sif");

    private final List<ImageSource> sources;

    @Inject
    public ImageSources(@All List<ImageSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /// Understands what the user typed; nothing is read yet. A word in front of the first colon
    /// that is no transport belongs to a path.
    ///
    /// @throws UndockerException of wrong usage when nobody understands it
    public ImageLocation locate(String text) {
        int colon = text.indexOf(':');
        String word = colon < 0 ? "" : text.substring(0, colon);
        ImageSource named = word.isEmpty() ? null : source(word);
        if (named != null) {
            return new Found(named.locate(word, text.substring(colon + 1)), "");
        }
        ImageSource detecting = source("");
        if (ELSEWHERE.contains(word) || detecting == null) {
            throw UndockerException.usage(text + ": images from " + word + ": are not supported")
                    .withHint(
                            "save it first: skopeo copy %s oci-archive:image.tar".formatted(text));
        }
        return new Found(detecting.locate("", text), text);
    }

    /// True when `text` begins with a transport.
    public boolean isReference(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && source(text.substring(0, colon)) != null;
    }

    /// The same where it could hardly be a path.
    public boolean isUrl(String text) {
        return text.contains("://") && isReference(text);
    }

    /// What the user may have meant by a word that is no transport, should it not begin a path.
    private List<String> meant(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return List.of();
        }
        Set<String> transports = new TreeSet<>();
        sources.forEach(source -> transports.addAll(source.transports()));
        return Spelling.near(text.substring(0, colon), transports).stream()
                .map(transport -> transport + text.substring(colon))
                .toList();
    }

    private @Nullable ImageSource source(String transport) {
        for (ImageSource source : sources) {
            if (source.transports().contains(transport)) {
                return source;
            }
        }
        return null;
    }

    /// What all sources have in common.
    private final class Found implements ImageLocation {
        private final ImageLocation location;
        private final String detected;

        /// @param detected what the user typed without a transport; empty when there is one
        Found(ImageLocation location, String detected) {
            this.location = location;
            this.detected = detected;
        }

        @Override
        public @Nullable Path file() {
            return location.file();
        }

        @Override
        public Image open(OpenRequest request) {
            Image image = opened(request);
            Platform platform = image.config().platform();
            if (!platform.isLinux() && request.platform() == null) {
                // what is to run the image refuses it; files alone may be what the user wants
                request.events()
                        .warn(
                                "%s: an image for %s, whose programs Linux cannot run"
                                        .formatted(location, platform));
            }
            return image;
        }

        @Override
        public LateReading lateReading(OpenRequest request) {
            return location.lateReading(request);
        }

        private Image opened(OpenRequest request) {
            try {
                return location.open(request);
            } catch (UndockerException e) {
                Path file = file();
                throw file != null && Files.notExists(file)
                        ? Spelling.question(meant(detected)).map(e::withHint).orElse(e)
                        : e;
            }
        }

        @Override
        public List<PlatformImage> platforms(OpenRequest request) {
            return location.platforms(request);
        }

        @Override
        public String toString() {
            return location.toString();
        }
    }
}
