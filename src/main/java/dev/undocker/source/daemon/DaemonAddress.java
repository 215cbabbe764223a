package dev.undocker.source.daemon;

import java.io.IOException;

/// Where a daemon listens. Its text is what `DOCKER_HOST` would say.
sealed interface DaemonAddress permits UnixAddress {
    Connection connect() throws IOException;

    /// What the HTTP header `Host` says.
    String host();

    /// Why nobody could be reached, in a few words.
    String obstacle(IOException failure);
}
