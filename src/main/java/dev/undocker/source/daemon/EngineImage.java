package dev.undocker.source.daemon;

import dev.undocker.image.Digest;
import dev.undocker.source.registry.RepositoryReference;

import java.util.regex.Pattern;

/// An image that an engine keeps.
sealed interface EngineImage {
    /// As short as `docker images` shows it, or whole.
    Pattern ID = Pattern.compile("[0-9a-f]{12}|[0-9a-f]{64}");

    int SHORT = 12;

    Pattern DIGEST = Pattern.compile("[a-z0-9]+:[0-9a-f]{64,}");

    /// What to call it where it has no name of its own.
    String fallback();

    /// By its name.
    record Named(RepositoryReference reference) implements EngineImage {
        /// As short as docker shows it.
        @Override
        public String fallback() {
            return reference.familiar();
        }

        /// With its host, so that nobody takes it for another one.
        String whole() {
            return reference.repository()
                    + (reference.digest() == null ? ":" : "@")
                    + reference.manifest();
        }
    }

    /// By the digest of its config, or the beginning of that.
    ///
    /// @param id without the algorithm, when it is only a beginning
    record Identified(String id) implements EngineImage {
        @Override
        public String fallback() {
            return hex().substring(0, SHORT);
        }

        /// Without the algorithm.
        String hex() {
            return id.substring(id.indexOf(':') + 1);
        }
    }

    /// Reads `NAME[:TAG][@DIGEST]`, `ALGORITHM:DIGEST` or an ID.
    ///
    /// @param transport what stands in front, with its colon
    /// @throws dev.undocker.UndockerException about a mistake in the command line
    static EngineImage parse(String transport, String words) {
        if (ID.matcher(words).matches()) {
            return new Identified(words);
        }
        if (DIGEST.matcher(words).matches()) {
            return new Identified(Digest.parse(words).toString());
        }
        return new Named(RepositoryReference.parse(transport, words));
    }
}
