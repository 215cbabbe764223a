package dev.undocker.source.registry;

/// Where a repository may be asked for.
///
/// @param host the host, with its port where one was said; `docker.io` stands for Docker Hub
/// @param path the repository's name there
/// @param insecure TLS without verification will do, and plain HTTP where there is none
/// @param mirror it only claims to have what the registry has: the registry's credentials are not
///   for it, and when it fails the next endpoint is asked
public record Endpoint(String host, String path, boolean insecure, boolean mirror) {}
