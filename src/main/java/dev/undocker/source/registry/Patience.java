package dev.undocker.source.registry;

import java.time.Duration;

/// How long a server is waited for.
///
/// @param connect for a connection
/// @param silence for the next byte, the first one included
record Patience(Duration connect, Duration silence) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(30), Duration.ofMinutes(1));
}
