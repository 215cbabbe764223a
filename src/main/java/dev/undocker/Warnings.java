package dev.undocker;

/// Receives what the user should know although the conversion goes on: one sentence each, without
/// the program's name, a capital or a final period. What is said again is heard once in a run.
/// Thread-safe.
@FunctionalInterface
public interface Warnings {
    void warn(String sentence);
}
