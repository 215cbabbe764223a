package dev.undocker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.undocker.Events;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.LayerBlob;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;
import dev.undocker.image.RegistryAccess;
import dev.undocker.source.dirlayout.DirLayout;
import dev.undocker.source.dockerarchive.DockerArchive;
import dev.undocker.source.ocilayout.OciLayout;
import dev.undocker.testing.FileSet;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Opens images as the program does.
///
/// @param directory for archives and temporary files
/// @param platform as `--platform`
/// @param standardInput what `-` reads
/// @param warnings hears what is said of an image that opens
public record Opener(
        Path directory,
        @Nullable Platform platform,
        ReadableByteChannel standardInput,
        Events warnings) {
    /// Takes a warning for a failure.
    public static Opener in(Path directory) {
        return new Opener(
                directory,
                null,
                Channels.newChannel(InputStream.nullInputStream()),
                sentence -> {
                    throw new AssertionError(sentence);
                });
    }

    /// Keeps warnings, without the directory's name.
    public Opener warnings(List<String> sentences) {
        return new Opener(
                directory,
                platform,
                standardInput,
                sentence -> sentences.add(sentence.replace(directory + "/", "")));
    }

    public Opener platform(String text) {
        return new Opener(directory, Platform.parse(text), standardInput, warnings);
    }

    public Opener standardInput(ReadableByteChannel channel) {
        return new Opener(directory, platform, channel, warnings);
    }

    public Image open(String reference) {
        LocalImages local =
                new LocalImages(
                        new ImageForms(
                                List.of(new DockerArchive(), new OciLayout(), new DirLayout())),
                        () -> standardInput);
        return new ImageSources(List.of(local))
                .locate(reference)
                .open(
                        new OpenRequest(
                                platform,
                                new TemporaryFiles(directory),
                                true,
                                RegistryAccess.STANDARD,
                                warnings));
    }

    /// Opens the files as an archive whose kind is found by content.
    public Image open(FileSet files) {
        return open(write(files).toString());
    }

    /// The failure to open a reference, without the directory's name.
    public Failure failure(String reference) {
        UndockerException e =
                catchThrowableOfType(UndockerException.class, () -> open(reference).close());
        assertThat(e).as("failure to open %s", reference).isNotNull();
        String hint = e.hint();
        return new Failure(
                e.sentence().replace(directory + "/", ""),
                hint == null ? "" : hint.replace(directory + "/", ""));
    }

    public Failure failure(FileSet files) {
        return failure(write(files).toString());
    }

    /// What the user reads.
    public record Failure(String sentence, String hint) {}

    private Path write(FileSet files) {
        try {
            return files.tar(directory.resolve("image.tar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Asserts that these, unpacked, are the image's layers.
    public static void assertLayers(Image image, byte[]... layers) {
        assertThat(image.layers().stream().map(Opener::unpacked).map(Digest::sha256))
                .isEqualTo(Arrays.stream(layers).map(Digest::sha256).toList());
    }

    private static byte[] unpacked(LayerBlob layer) {
        try {
            try (InputStream in = Compression.decoded(layer.data().open(), 0)) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
