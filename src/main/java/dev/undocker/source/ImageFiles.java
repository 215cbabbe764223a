package dev.undocker.source;

import dev.undocker.content.FileSlice;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;

/// The files of which an image consists, in a directory or in a tar. Not thread-safe; the slices
/// are, and live until it is closed.
public interface ImageFiles extends Closeable {
    /// What messages call it: the path as the user wrote it.
    String location();

    /// True for a tar, false for a directory.
    boolean isArchive();

    /// What to call an image that has no name of its own.
    String fallbackName();

    /// The bytes of a regular file, where they lie.
    ///
    /// @param path relative to the top, with or without `./` in front
    /// @return null when there is no such file
    /// @throws dev.undocker.UndockerException when there is one that cannot be read, or `path`
    ///   leads out of the files
    @Nullable FileSlice find(String path);

    /// True when there is a regular file, or a link, of this name.
    boolean contains(String path);
}
