package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;

/// What a web server answered. Closing it before the body's end gives the rest up. One thread uses
/// it.
interface HttpResponse extends Closeable {
    /// What was asked for.
    URI uri();

    int status();

    /// All values of a header, whose name is taken in any case.
    List<String> headers(String name);

    /// The first one; null when there is none.
    default @Nullable String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /// The body, of errors too, as it is sent: no encoding is undone.
    InputStream body() throws IOException;

    @Override
    void close();
}
