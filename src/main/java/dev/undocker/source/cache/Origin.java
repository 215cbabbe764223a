package dev.undocker.source.cache;

import java.io.IOException;
import java.io.InputStream;

/// Where a blob comes from when it is not in the cache. Equal for the same blob. Thread-safe. Its
/// text says in messages whose bytes they are.
public interface Origin {
    /// How many bytes there should be.
    long size();

    /// The bytes from `from` on. More than there should be are not read to their end. The caller
    /// closes the stream.
    InputStream open(long from) throws IOException;
}
