package dev.undocker.source;

import dev.undocker.image.Image;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.PlatformImage;

import java.util.List;
import java.util.Set;

/// A form that an image takes in files: which files there are and how they refer to each other. A
/// CDI bean; stateless and thread-safe.
public interface ImageForm {
    /// The words with which a reference asks for this form.
    Set<String> transports();

    /// True when the files have this form. Of all forms at most one answers yes.
    boolean isFormOf(ImageFiles files);

    /// Opens one image.
    ///
    /// @param files become the image's to close; on failure they stay the caller's
    /// @param reference where the files are, and which of their images is meant
    /// @throws dev.undocker.UndockerException as [dev.undocker.image.ImageLocation#open]
    Image open(ImageFiles files, FileReference reference, OpenRequest request);

    /// The images for all platforms.
    ///
    /// @param files stay the caller's
    /// @throws UndockerException as [dev.undocker.image.ImageLocation#platforms]
    default List<PlatformImage> platforms(
            ImageFiles files, FileReference reference, OpenRequest request) {
        throw PlatformImage.noIndex(files.location());
    }
}
