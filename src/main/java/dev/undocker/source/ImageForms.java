package dev.undocker.source;

import dev.undocker.Events;
import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.PlatformImage;

import io.quarkus.arc.All;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// All forms that images take in files.
@Singleton
public class ImageForms {
    private final List<ImageForm> forms;

    @Inject
    public ImageForms(@All List<ImageForm> forms) {
        this.forms = List.copyOf(forms);
    }

    /// The words with which a reference asks for one of them.
    Set<String> transports() {
        Set<String> transports = new HashSet<>();
        forms.forEach(form -> transports.addAll(form.transports()));
        return transports;
    }

    /// Opens the image in an archive that arrives from elsewhere, in whatever form. All of it is
    /// read.
    ///
    /// @param location what messages call it
    /// @param fallbackName what to call an image that has no name of its own
    /// @param archive is closed
    /// @throws UndockerException as [dev.undocker.image.ImageLocation#open]
    public Image open(
            String location, String fallbackName, InputStream archive, OpenRequest request) {
        TarFiles files =
                new TarFiles(
                        SeekableArchive.arriving(
                                location,
                                fallbackName,
                                archive,
                                Events.UNKNOWN,
                                request.temporary(),
                                request.events()));
        return open(files, arrived(files, request), request);
    }

    private static FileReference arrived(ImageFiles files, OpenRequest request) {
        return request.platform() == null
                ? FileReference.STREAM
                : withPlatforms(files, FileReference.STREAM);
    }

    /// Where Docker writes both, its own manifest knows one platform and the layout all of them
    /// (<https://github.com/moby/moby/pull/48718>).
    private static FileReference withPlatforms(ImageFiles files, FileReference reference) {
        return reference.isDetected()
                        && files.isArchive()
                        && files.contains("oci-layout")
                        && files.contains("index.json")
                ? new FileReference("oci-archive", reference.location(), reference.selector())
                : reference;
    }

    /// The images for all platforms.
    ///
    /// @param files are closed
    List<PlatformImage> platforms(ImageFiles files, FileReference asked, OpenRequest request) {
        try (files) {
            FileReference reference = withPlatforms(files, asked);
            return form(reference, files).platforms(files, reference, request);
        } catch (IOException e) {
            throw UndockerException.because(files.location(), e);
        }
    }

    /// @param files become the image's to close, and are closed on failure
    Image open(ImageFiles files, FileReference reference, OpenRequest request) {
        try {
            return form(reference, files).open(files, reference, request);
        } catch (UndockerException e) {
            UndockerException explained =
                    e.hint() == null && files instanceof TarFiles tar && tar.endsEarly()
                            ? e.withHint("the archive may be truncated: it has no end mark")
                            : e;
            close(files, explained);
            throw explained;
        } catch (RuntimeException | Error e) {
            close(files, e);
            throw e;
        }
    }

    private static void close(ImageFiles files, Throwable failure) {
        try {
            files.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private ImageForm form(FileReference reference, ImageFiles files) {
        for (ImageForm form : forms) {
            if (reference.isDetected()
                    ? form.isFormOf(files)
                    : form.transports().contains(reference.transport())) {
                return form;
            }
        }
        throw notAnImage(files);
    }

    private static UndockerException notAnImage(ImageFiles files) {
        String sentence =
                "%s: not an image: no manifest.json, index.json or oci-layout in it"
                        .formatted(files.location());
        return switch (files) {
            case DirectoryFiles directory when directory.contains("manifest.json") ->
                    new UndockerException(
                            "%s: an unpacked docker-archive, which is not supported"
                                    .formatted(files.location()),
                            "pack it again: tar -C %s -cf image.tar .".formatted(files.location()),
                            null);
            case TarFiles tar when tar.isRootfs() ->
                    new UndockerException(
                            sentence,
                            "this looks like a root file system, which docker export writes;"
                                    + " docker save writes images",
                            null);
            case DirectoryFiles directory when directory.isRootfs() ->
                    new UndockerException(
                            sentence,
                            "this looks like a root file system, which is what images become",
                            null);
            default -> new UndockerException(sentence);
        };
    }
}
