package dev.undocker.linux;

/// Whether [FileSystemCalls#prepare()] was called.
final class Preparation {
    static volatile boolean begun;

    private Preparation() {}
}
