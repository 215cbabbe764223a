package dev.undocker.source.manifest;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// How images at one place are called.
///
/// @param selector which of several is meant; null when the user made no choice
/// @param prefix what the user writes in front of a selector
/// @param fallback what to call an image that has no name
/// @param file the file or directory that the images are in; null where there is none
public record ImageNaming(
        @Nullable String selector, String prefix, String fallback, @Nullable Path file) {}
