package dev.undocker.image;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// Where an image is. Its text is the reference as the user wrote it.
public interface ImageLocation {
    /// The file or directory that the image is read from; null where there is none.
    @Nullable Path file();

    /// Opens the image. The caller closes it.
    ///
    /// @throws dev.undocker.UndockerException when there is no such image, it is malformed, a
    ///   digest or size does not match, or the request leaves a choice open
    Image open(OpenRequest request);
}
