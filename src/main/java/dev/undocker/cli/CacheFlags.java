package dev.undocker.cli;

import dev.undocker.ByteCount;
import dev.undocker.UndockerException;
import dev.undocker.image.CacheChoice;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// The options about the cache.
final class CacheFlags {
    private boolean unused;
    private @Nullable Path directory;
    private long limit = CacheChoice.STANDARD_LIMIT;

    /// All of them, for who fetches.
    void declare(CommandOptions options) {
        options.flag(
                "--no-cache",
                "keep nothing of what is fetched, and fetch everything",
                given -> unused = given);
        declarePlace(options);
        options.value(
                "--cache-limit",
                "BYTES",
                "how much the cache may keep, such as 500M; by default 10G",
                ByteCount::parse,
                bytes -> limit = bytes);
    }

    /// Where it is.
    void declarePlace(CommandOptions options) {
        options.text(
                "--cache-dir",
                "DIR",
                "where the cache is; by default XDG_CACHE_HOME/undocker, else ~/.cache/undocker",
                text -> directory = place(text));
    }

    private static Path place(String text) {
        if (text.isEmpty()) {
            throw UndockerException.usage("--cache-dir: is empty");
        }
        return Path.of(text);
    }

    CacheChoice choice(boolean sync) {
        return new CacheChoice(!unused, directory, limit, sync);
    }
}
