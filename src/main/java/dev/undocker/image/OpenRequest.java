package dev.undocker.image;

import dev.undocker.Events;
import dev.undocker.content.TemporaryFiles;

import org.jspecify.annotations.Nullable;

/// How the user wants an image opened.
///
/// @param platform null for the host's, or the only one there is
/// @param temporary where bytes go that cannot be read again (standard input, compressed archives)
/// @param verify false skips checks that read whole blobs; manifests and configs are always checked
public record OpenRequest(
        @Nullable Platform platform,
        TemporaryFiles temporary,
        boolean verify,
        RegistryAccess registries,
        Events events) {}
