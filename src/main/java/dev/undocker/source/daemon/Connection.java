package dev.undocker.source.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// Bytes to and from a daemon. One thread uses it.
interface Connection extends Closeable {
    /// Sends all of these bytes.
    void write(byte[] bytes) throws IOException;

    /// What the daemon sends. Throws [java.net.SocketTimeoutException] when it is silent for longer
    /// than the patience lasts.
    InputStream input();

    /// How long the daemon may be silent from now on; for ever where nothing is said.
    void patience(Duration silence) throws IOException;
}
