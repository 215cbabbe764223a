package dev.undocker.source;

import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.image.ImageSource;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;

import io.quarkus.arc.All;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.util.List;

/// Opens whatever image the user names, through the one source that handles such references.
@Singleton
public class ImageSources {
    private final List<ImageSource> sources;

    @Inject
    public ImageSources(@All List<ImageSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /// What is to run the image refuses it; files alone may be what the user wants.
    private static Image named(Image image, OpenRequest request) {
        Platform platform = image.config().platform();
        if (!platform.isLinux() && request.platform() == null) {
            request.warnings()
                    .warn(
                            "%s: an image for %s, whose programs Linux cannot run"
                                    .formatted(request.reference(), platform));
        }
        return image;
    }

    /// Opens one image. The caller closes it.
    ///
    /// @throws UndockerException as [ImageSource#open(OpenRequest)] does
    public Image open(OpenRequest request) {
        for (ImageSource source : sources) {
            if (source.handles(request.reference())) {
                return named(source.open(request), request);
            }
        }
        throw new UndockerException(
                "%s: images of this kind are not supported".formatted(request.reference()));
    }
}
