package dev.undocker.source;

import dev.undocker.image.Image;
import dev.undocker.image.ImageReference;
import dev.undocker.image.OpenRequest;

/// A form that an image takes in files: which files there are and how they refer to each other. A
/// CDI bean; stateless and thread-safe.
public interface ImageForm {
    /// True when the reference asks for this form in words.
    boolean isNamedBy(ImageReference reference);

    /// True when the files have this form. Of all forms at most one answers yes.
    boolean isFormOf(ImageFiles files);

    /// Opens one image.
    ///
    /// @param files become the image's to close; on failure they stay the caller's
    /// @throws dev.undocker.UndockerException as [dev.undocker.image.ImageSource#open]
    Image open(ImageFiles files, OpenRequest request);
}
