package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.convert.Output;
import dev.undocker.image.Image;
import dev.undocker.output.ShellCommand;
import dev.undocker.source.ImageSources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// An image where an output should go, as a command line has it that names the two in the wrong
/// order or wants an image written. It is looked for when the conversion has failed.
///
/// @param sources which know images
record MisplacedImage(ImageSources sources) {
    /// What to say instead of a failure that it explains, else the failure.
    ///
    /// @param image that should have been converted
    UndockerException insteadOf(UndockerException failure, String image, List<Output> outputs) {
        Path file = sources.locate(image).file();
        boolean missing = file != null && Files.notExists(file);
        for (Output output : outputs) {
            String destination = output.destination();
            if (missing ? isImage(destination) : sources.isUrl(destination)) {
                return UndockerException.usage(
                                "%s: an image, where the output should go".formatted(destination))
                        .withHint(
                                missing
                                        ? "IMAGE comes first: "
                                                + ShellCommand.of(destination, image)
                                        : "an output is a path: undocker writes no images");
            }
        }
        return failure;
    }

    /// Whether it looks like one.
    private boolean isImage(String destination) {
        Path path = Path.of(destination);
        if (sources.isReference(destination)) {
            return Files.notExists(path);
        }
        if (!Files.exists(path) || isCompressed(path)) {
            return false;
        }
        try (Image image =
                sources.locate(destination)
                        .open(new ConversionFlags().openRequest(sentence -> {}))) {
            return true;
        } catch (UndockerException | IOException e) {
            return false;
        }
    }

    /// Reading it would take long.
    private static boolean isCompressed(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream file = Files.newInputStream(path)) {
            return Compression.sniff(file) != Compression.NONE;
        } catch (IOException e) {
            return true;
        }
    }
}
