package dev.undocker.source.registry;

/// Where an image may be asked for.
///
/// @param reference the image there
/// @param insecure TLS without verification will do, and plain HTTP where there is none
/// @param mirror it only claims to have what the registry has: the registry's credentials are not
///   for it, and when it fails the next endpoint is asked
public record Endpoint(RepositoryReference reference, boolean insecure, boolean mirror) {}
