package dev.undocker.image;

/// Opens images of one or several transports. A CDI bean; stateless and thread-safe.
public interface ImageSource {
    /// True when this source opens such references. Of all sources exactly one answers yes.
    boolean handles(ImageReference reference);

    /// Opens one image. The caller closes it.
    ///
    /// @throws dev.undocker.UndockerException when there is no such image, it is malformed, a
    ///   digest or size does not match, or the request leaves a choice open
    Image open(OpenRequest request);
}
