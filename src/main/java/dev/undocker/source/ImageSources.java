package dev.undocker.source;

import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.image.ImageSource;
import dev.undocker.image.OpenRequest;

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

    /// Opens one image. The caller closes it.
    ///
    /// @throws UndockerException as [ImageSource#open(OpenRequest)] does
    public Image open(OpenRequest request) {
        OpenRequest quiet = request.withWarnings(new DistinctWarnings(request.warnings()));
        for (ImageSource source : sources) {
            if (source.handles(request.reference())) {
                return source.open(quiet);
            }
        }
        throw new UndockerException(
                "%s: images of this kind are not supported".formatted(request.reference()));
    }
}
