package dev.undocker.image;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Where an image is, in the words of containers-transports(5).
public sealed interface ImageReference {
    /// A path, or `-` for standard input, whose kind is found by content.
    record Detected(String location) implements ImageReference {
        @Override
        public String toString() {
            return location;
        }
    }

    /// `docker-archive:PATH[:TAG|:@INDEX]`.
    record DockerArchive(String location, @Nullable String selector) implements ImageReference {
        @Override
        public String toString() {
            return text("docker-archive", location, selector);
        }
    }

    /// `oci:PATH[:NAME|:@INDEX]`: a layout directory.
    record OciLayout(String location, @Nullable String selector) implements ImageReference {
        @Override
        public String toString() {
            return text("oci", location, selector);
        }
    }

    /// `oci-archive:PATH[:NAME|:@INDEX]`: a layout in a tar.
    record OciArchive(String location, @Nullable String selector) implements ImageReference {
        @Override
        public String toString() {
            return text("oci-archive", location, selector);
        }
    }

    /// The path, or `-` for standard input.
    String location();

    /// Which of several images; null when the user made no choice.
    default @Nullable String selector() {
        return switch (this) {
            case Detected detected -> null;
            case DockerArchive archive -> archive.selector();
            case OciLayout layout -> layout.selector();
            case OciArchive archive -> archive.selector();
        };
    }

    default boolean isStandardInput() {
        return location().equals("-");
    }

    /// The location as a path of the host.
    default Path path() {
        try {
            return Path.of(location());
        } catch (InvalidPathException e) {
            throw new UndockerException("%s: not a path".formatted(location()), e);
        }
    }

    /// The file or directory that the image is read from; null for standard input.
    default @Nullable Path file() {
        return isStandardInput() ? null : path();
    }

    /// Reads what the user typed. A word with an unknown transport in front of the first colon is a
    /// path if such a file exists, which the source finds out; known transports always win.
    static ImageReference parse(String text) {
        int colon = text.indexOf(':');
        String transport = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1);
        return switch (transport) {
            case "docker-archive" -> {
                Split split = Split.of(transport, rest);
                yield new DockerArchive(split.location(), split.selector());
            }
            case "oci" -> {
                Split split = Split.of(transport, rest);
                yield new OciLayout(split.location(), split.selector());
            }
            case "oci-archive" -> {
                Split split = Split.of(transport, rest);
                yield new OciArchive(split.location(), split.selector());
            }
            case "docker", "docker-daemon", "containers-storage", "dir", "ostree", "sif" ->
                    throw new UndockerException(
                            text + ": images from " + transport + ": are not supported",
                            "save it first: skopeo copy %s oci-archive:image.tar".formatted(text),
                            null);
            default -> {
                if (text.isEmpty()) {
                    throw new UndockerException("IMAGE is empty");
                }
                yield new Detected(text);
            }
        };
    }

    private static String text(String transport, String location, @Nullable String selector) {
        return transport + ":" + location + (selector == null ? "" : ":" + selector);
    }

    /// A location and what follows its first colon, as skopeo splits them.
    record Split(String location, @Nullable String selector) {
        static Split of(String transport, String rest) {
            int colon = rest.indexOf(':');
            String location = colon < 0 ? rest : rest.substring(0, colon);
            String selector = colon < 0 ? null : rest.substring(colon + 1);
            if (location.isEmpty() || (selector != null && selector.isEmpty())) {
                throw new UndockerException(
                        "%s:%s: no image".formatted(transport, rest),
                        "write %s:PATH or %s:PATH:NAME".formatted(transport, transport),
                        null);
            }
            return new Split(location, selector);
        }
    }
}
