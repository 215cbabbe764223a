package dev.undocker.image;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/// Where an image is. Its text is the reference as the user wrote it.
public interface ImageLocation {
    /// The file or directory that the image is read from; null where there is none.
    @Nullable Path file();

    /// Opens the image. The caller closes it.
    ///
    /// @throws dev.undocker.UndockerException when there is no such image, it is malformed, a
    ///   digest or size does not match, or the request leaves a choice open
    Image open(OpenRequest request);

    /// What reading the layers takes once the image is open.
    default LateReading lateReading(OpenRequest request) {
        return LateReading.NONE;
    }

    /// The images for all platforms that an index leads to there, in its order. Attestations and
    /// other artifacts are none of them.
    ///
    /// @throws dev.undocker.UndockerException as [#open], and when this form of images has no index
    default List<PlatformImage> platforms(OpenRequest request) {
        throw PlatformImage.noIndex(this);
    }
}
