package dev.undocker.image;

import org.jspecify.annotations.Nullable;

/// How a layer, or a change of the config alone, came about (image-spec `config.md`, `history`).
/// All text is as untrusted as the image.
///
/// @param created RFC 3339 time, null when not said
/// @param createdBy the command, null when not said
/// @param comment null when not said
/// @param emptyLayer true when there is no layer of it
public record BuildStep(
        @Nullable String created,
        @Nullable String createdBy,
        @Nullable String comment,
        boolean emptyLayer) {}
