package dev.undocker.cli;

import dev.undocker.image.Image;
import dev.undocker.image.ImageLocation;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.PlatformImage;
import dev.undocker.source.ImageSources;

import java.io.IOException;
import java.util.List;

/// Carries out a command that asks something about an image: opens it as the flags say, shows how
/// far that is, and closes it.
///
/// @param sources where images are found
/// @param console where the command answers and warns
record QuestionRun(ImageSources sources, Console console) {
    /// @param verify false skips checks that read whole blobs
    <T> T ask(String image, ReadingFlags flags, boolean verify, ImageReading<T> question)
            throws IOException {
        ImageLocation location = sources.locate(image);
        return shown(
                flags, verify, request -> ImageReading.of(location, request, console, question));
    }

    /// The same of two images, opened alike; both are open at once.
    <T> T ask(
            String first,
            String second,
            ReadingFlags flags,
            boolean verify,
            BiImageReading<T> question)
            throws IOException {
        ImageLocation one = sources.locate(first);
        ImageLocation other = sources.locate(second);
        return shown(
                flags,
                verify,
                request ->
                        ImageReading.of(
                                one,
                                request,
                                console,
                                opened ->
                                        ImageReading.of(
                                                other,
                                                request,
                                                console,
                                                alike -> question.read(opened, alike))));
    }

    /// The images that an index lists.
    List<PlatformImage> platforms(String image, ReadingFlags flags) throws IOException {
        ImageLocation location = sources.locate(image);
        return shown(flags, false, location::platforms);
    }

    /// Shows how far the work is, as the flags say, until it ends in whatever way.
    private <T> T shown(ReadingFlags flags, boolean verify, Work<T> work) throws IOException {
        flags.applyTo(console);
        try {
            return work.with(flags.openRequest(verify, true, console));
        } finally {
            console.endProgress();
        }
    }

    private interface Work<T> {
        T with(OpenRequest request) throws IOException;
    }

    /// What a command does with two open images.
    @FunctionalInterface
    interface BiImageReading<T> {
        T read(Image first, Image second) throws IOException;
    }
}
