package dev.undocker.image;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.util.OptionalLong;

/// One of the images that an index lists: what it is made for, and how it is found.
///
/// @param name null when it has none of its own
/// @param platform null when neither the index nor the image says it
/// @param digest of its manifest
/// @param size of config and layers as they are stored, in bytes; empty where the manifest is not
///   at hand
public record PlatformImage(
        @Nullable String name, @Nullable Platform platform, Digest digest, OptionalLong size) {
    /// The failure where a form of images has no index.
    ///
    /// @param place what was asked
    public static UndockerException noIndex(Object place) {
        return new UndockerException(
                place + ": no index in it, which would list platforms",
                "registries and OCI layouts have one",
                null);
    }
}
