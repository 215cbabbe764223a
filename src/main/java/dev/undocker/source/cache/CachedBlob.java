package dev.undocker.source.cache;

import dev.undocker.content.FileSlice;
import dev.undocker.content.StoredBytes;
import dev.undocker.image.Digest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/// A blob that is fetched once: reading it to its end puts it into the cache.
record CachedBlob(BlobCache cache, Digest digest, Origin origin) implements StoredBytes {
    @Override
    public long size() {
        return origin.size();
    }

    @Override
    public InputStream open() throws IOException {
        return cache.open(digest, origin);
    }

    @Override
    public @Nullable FileSlice inPlace() {
        return cache.inPlace(digest);
    }

    @Override
    public boolean isSelfVerifying() {
        return true;
    }

    @Override
    public boolean renew() {
        return cache.renew(digest);
    }

    @Override
    public boolean isHere() {
        return cache.has(digest, origin.size());
    }
}
