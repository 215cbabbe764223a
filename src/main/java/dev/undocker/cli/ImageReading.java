package dev.undocker.cli;

import dev.undocker.Events;
import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.image.ImageLocation;
import dev.undocker.image.OpenRequest;

import java.io.Closeable;
import java.io.IOException;

/// What a command does with an open image.
///
/// @param <T> what comes of it
@FunctionalInterface
interface ImageReading<T> {
    T read(Image image) throws IOException;

    /// Opens an image, reads it and closes it. An image that cannot be closed is only warned of: by
    /// then all is done.
    ///
    /// @throws UndockerException when there is no such image, or it is malformed
    static <T> T of(
            ImageLocation location, OpenRequest request, Events events, ImageReading<T> reading)
            throws IOException {
        Image image = location.open(request);
        try (Closeable _ = () -> close(image, events)) {
            return reading.read(image);
        }
    }

    private static void close(Image image, Events events) {
        try {
            image.close();
        } catch (IOException e) {
            events.warn(
                    UndockerException.because(image.name() + ": cannot close it", e).sentence());
        }
    }
}
