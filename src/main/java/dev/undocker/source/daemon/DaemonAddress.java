package dev.undocker.source.daemon;

import dev.undocker.UndockerException;

import java.io.IOException;
import java.nio.file.Path;

/// Where a daemon listens. Its text is what `DOCKER_HOST` would say.
sealed interface DaemonAddress permits UnixAddress {
    /// Reads what `DOCKER_HOST`, `CONTAINER_HOST` or a context says.
    ///
    /// @param place which of them
    /// @throws UndockerException when nobody can be talked to that way
    static DaemonAddress parse(String place, String text) {
        String unix = "unix://";
        if (text.startsWith(unix)) {
            return new UnixAddress(Path.of(text.substring(unix.length())));
        }
        throw new UndockerException("%s: %s: not supported".formatted(place, text))
                .withHint(
                        "docker save and podman save go there, and write what undocker reads from"
                                + " standard input");
    }

    Connection connect() throws IOException;

    /// What the HTTP header `Host` says.
    String host();

    /// Why nobody could be reached, in a few words.
    String obstacle(IOException failure);
}
