package dev.undocker.image;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.function.Supplier;

/// What the user says about how to talk to registries, beside what this machine's files say.
///
/// @param authFile the only file with credentials; null for the customary ones
/// @param credentials gives `USER:PASSWORD`, for the registry itself and no mirror; null to look
///   them up. Asked for when a registry is, as the user may have to type
/// @param certificates where certificates are, instead of the customary directories
/// @param verifyTls false trusts whoever answers, also without TLS
/// @param cache what to do with what was fetched
public record RegistryAccess(
        @Nullable Path authFile,
        @Nullable Supplier<String> credentials,
        @Nullable Path certificates,
        boolean verifyTls,
        CacheChoice cache) {
    /// Nothing is said.
    public static final RegistryAccess STANDARD =
            new RegistryAccess(null, null, null, true, CacheChoice.STANDARD);

    @Override
    public String toString() {
        return "registry access";
    }
}
