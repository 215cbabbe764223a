package dev.undocker.source.registry;

import java.io.IOException;

/// Exchanges with web servers. Thread-safe.
interface Http {
    /// One request and its answer, whatever that says: nothing is followed, repeated or answered.
    ///
    /// @return to be closed by the caller
    /// @throws NoAnswerException when there is none: no such host, nobody there, a certificate that
    ///   is not trusted, nothing heard for a minute, a proxy that refuses
    HttpResponse send(HttpRequest request) throws IOException;
}
