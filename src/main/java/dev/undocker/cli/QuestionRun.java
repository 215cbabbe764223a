package dev.undocker.cli;

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
        flags.applyTo(console);
        try {
            return ImageReading.of(
                    sources.locate(image),
                    flags.openRequest(verify, true, console),
                    console,
                    question);
        } finally {
            console.endProgress();
        }
    }

    /// The images that an index lists.
    List<PlatformImage> platforms(String image, ReadingFlags flags) {
        flags.applyTo(console);
        try {
            return sources.locate(image).platforms(flags.openRequest(false, true, console));
        } finally {
            console.endProgress();
        }
    }
}
