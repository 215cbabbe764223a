package dev.undocker.source;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Where an image is in files: `[TRANSPORT:]PATH[:SELECTOR]`, split at the first colon as skopeo
/// does. Without a transport everything is the path, and what lies there is found by content.
///
/// @param transport the word in front; empty when there is none
/// @param location a path, or `-` for standard input
/// @param selector which of several images; null when the user made no choice
public record FileReference(String transport, String location, @Nullable String selector) {
    /// Whatever comes through a connection, of a kind that is found by content. It has no location.
    static final FileReference STREAM = new FileReference("", "", null);

    static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");

    static FileReference parse(String transport, String rest) {
        int colon = transport.isEmpty() ? -1 : rest.indexOf(':');
        String location = colon < 0 ? rest : rest.substring(0, colon);
        String selector = colon < 0 ? null : rest.substring(colon + 1);
        FileReference parsed = new FileReference(transport, location, selector);
        if (location.isEmpty() || (selector != null && selector.isEmpty())) {
            throw transport.isEmpty()
                    ? UndockerException.usage("IMAGE: is empty")
                    : UndockerException.usage("%s: no image".formatted(parsed))
                            .withHint(
                                    "write %s:PATH or %s:PATH:NAME"
                                            .formatted(transport, transport));
        }
        return parsed;
    }

    boolean isStandardInput() {
        return location.equals("-");
    }

    /// True when the kind of image is found by content.
    boolean isDetected() {
        return transport.isEmpty();
    }

    /// The location as a path of the host.
    Path path() {
        try {
            return Path.of(location);
        } catch (InvalidPathException e) {
            throw new UndockerException("%s: not a path".formatted(location), e);
        }
    }

    /// The file or directory that the image is read from, also when a shell opened it as standard
    /// input; null where there is none.
    public @Nullable Path file() {
        if (location.isEmpty()) {
            return null;
        }
        return isStandardInput() ? fileOfStandardInput() : path();
    }

    private static @Nullable Path fileOfStandardInput() {
        try {
            Path file = STANDARD_INPUT.toRealPath();
            return Files.isRegularFile(file) ? file : null;
        } catch (IOException aPipe) {
            return null;
        }
    }

    @Override
    public String toString() {
        return (isDetected() ? "" : transport + ":")
                + location
                + (selector == null ? "" : ":" + selector);
    }
}
