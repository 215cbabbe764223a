package dev.undocker.source.registry;

/// A `[[registry.mirror]]` of registries.conf.
///
/// @param location stands for the prefix of the registry
record Mirror(String location, boolean insecure, Use use) {
    /// Which pulls a mirror may serve: a tag there may be older than the registry's.
    enum Use {
        ALL,
        DIGEST_ONLY,
        TAG_ONLY;

        boolean allows(boolean byDigest) {
            return switch (this) {
                case ALL -> true;
                case DIGEST_ONLY -> byDigest;
                case TAG_ONLY -> !byDigest;
            };
        }
    }
}
