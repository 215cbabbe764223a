package dev.undocker.runtime.oci;

/// A range of ids of a user namespace (user_namespaces(7)).
public record IdMapping(long container, long host, long size) {}
