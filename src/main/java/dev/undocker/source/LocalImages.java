package dev.undocker.source;

import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.image.ImageLocation;
import dev.undocker.image.ImageSource;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.PlatformImage;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Opens images that lie in a file, a directory or come through a pipe, in whatever form.
@Singleton
public class LocalImages implements ImageSource {
    private static final Pattern SUFFIXES =
            Pattern.compile("(\\.tar|\\.oci)?(\\.(gz|xz|zst|bz2|tgz|txz|tzst|tbz2?))?$");

    private final ImageForms forms;
    private final Supplier<ReadableByteChannel> standardInput;

    @Inject
    public LocalImages(ImageForms forms) {
        this(forms, () -> new FileInputStream(FileDescriptor.in).getChannel());
    }

    /// @param standardInput what `-` reads; asked at most once for each image
    LocalImages(ImageForms forms, Supplier<ReadableByteChannel> standardInput) {
        this.forms = forms;
        this.standardInput = standardInput;
    }

    @Override
    public Set<String> transports() {
        Set<String> transports = new HashSet<>(forms.transports());
        transports.add("");
        return transports;
    }

    @Override
    public ImageLocation locate(String transport, String rest) {
        return new InFiles(FileReference.parse(transport, rest));
    }

    private final class InFiles implements ImageLocation {
        private final FileReference reference;

        InFiles(FileReference reference) {
            this.reference = reference;
        }

        @Override
        public @Nullable Path file() {
            return reference.file();
        }

        @Override
        public Image open(OpenRequest request) {
            return forms.open(files(reference, request), reference, request);
        }

        @Override
        public List<PlatformImage> platforms(OpenRequest request) {
            return forms.platforms(files(reference, request), reference, request);
        }

        @Override
        public String toString() {
            return reference.toString();
        }
    }

    private ImageFiles files(FileReference reference, OpenRequest request) {
        String location = reference.location();
        if (reference.isStandardInput()) {
            requireArchive(reference, false);
            return new TarFiles(
                    SeekableArchive.open(
                            "standard input",
                            "image",
                            standardInput.get(),
                            FileReference.STANDARD_INPUT,
                            request.temporary(),
                            request.events()));
        }
        Path path = reference.path();
        if (Files.notExists(path)) {
            throw MissingFile.failure(reference);
        }
        boolean isDirectory = Files.isDirectory(path);
        requireArchive(reference, isDirectory);
        return isDirectory ? new DirectoryFiles(location, path) : archive(location, path, request);
    }

    private static void requireArchive(FileReference reference, boolean isDirectory) {
        String location = reference.location();
        UndockerException wrong =
                switch (reference.transport()) {
                    case "docker-archive" ->
                            new UndockerException(
                                    "%s: a directory, not a docker-archive".formatted(location));
                    case "oci-archive" ->
                            new UndockerException(
                                    "%s: a directory, not an archive".formatted(location),
                                    "write oci:%s for a layout directory".formatted(location),
                                    null);
                    case "oci" ->
                            new UndockerException(
                                    "%s: not a directory".formatted(location),
                                    "write oci-archive:%s for a layout in a tar"
                                            .formatted(location),
                                    null);
                    default -> new UndockerException("%s: not a directory".formatted(location));
                };
        boolean wantsDirectory =
                reference.transport().equals("oci") || reference.transport().equals("dir");
        if (!reference.isDetected() && isDirectory != wantsDirectory) {
            throw wrong;
        }
    }

    private static ImageFiles archive(String location, Path path, OpenRequest request) {
        String name = SUFFIXES.matcher(String.valueOf(path.getFileName())).replaceFirst("");
        try {
            return new TarFiles(
                    SeekableArchive.open(
                            location,
                            name.isEmpty() ? "image" : name,
                            FileChannel.open(path),
                            path,
                            request.temporary(),
                            request.events()));
        } catch (IOException e) {
            throw UndockerException.because(location, e);
        }
    }
}
