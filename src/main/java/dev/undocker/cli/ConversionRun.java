package dev.undocker.cli;

import dev.undocker.ByteCount;
import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.convert.Conversion;
import dev.undocker.convert.ConversionOptions;
import dev.undocker.convert.Output;
import dev.undocker.image.Image;
import dev.undocker.image.ImageLocation;
import dev.undocker.image.LateReading;
import dev.undocker.image.LayerBlob;
import dev.undocker.image.OpenRequest;
import dev.undocker.linux.Confinement;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.output.FileDestination;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.PathKind;
import dev.undocker.source.ImageSources;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Carries out what a command line asks for: checks all that can be checked before reading, opens
/// the image, converts, and cleans up when a signal ends the process.
final class ConversionRun {
    private final ImageSources sources;
    private final Console console;

    ConversionRun(ImageSources sources, Console console) {
        this.sources = sources;
        this.console = console;
    }

    int run(String image, ConversionFlags flags, List<Output> outputs) throws IOException {
        requireDistinct(outputs);
        ImageLocation location = sources.locate(image);
        try {
            return run(location, flags, outputs);
        } catch (UndockerException e) {
            throw new MisplacedImage(sources).insteadOf(e, image, outputs);
        }
    }

    private static void requireDistinct(List<Output> outputs) {
        Set<Object> places = new HashSet<>();
        for (Output output : outputs) {
            add(output.destination(), places);
            output.settings().furtherDestinations().forEach(more -> add(more, places));
        }
    }

    private static void add(String destination, Set<Object> places) {
        if (!places.add(place(destination))) {
            throw UndockerException.usage(destination + ": two outputs go there");
        }
    }

    private static Path place(String destination) {
        Path path = named(destination).toAbsolutePath().normalize();
        try {
            return path.toRealPath();
        } catch (IOException notThere) {
            return path;
        }
    }

    /// A shell may have opened a file as standard output that has a name.
    private static Path named(String destination) {
        return Path.of(
                FileDestination.isStandardOutput(destination) ? "/proc/self/fd/1" : destination);
    }

    private int run(ImageLocation location, ConversionFlags flags, List<Output> outputs)
            throws IOException {
        ConversionOptions options = flags.conversionOptions();
        for (Output output : outputs) {
            if (output.destination().isEmpty()) {
                throw UndockerException.usage("the destination: is empty");
            }
            output.settings().validate(output.destination());
            refuseOverwritingTheImage(location.file(), output.destination());
            for (String further : output.settings().furtherDestinations()) {
                refuseOverwritingTheImage(location.file(), further);
            }
        }
        flags.applyTo(console);
        OpenRequest request = flags.openRequest(console);
        List<Result> results;
        try {
            results =
                    ImageReading.of(
                            location,
                            request,
                            console,
                            opened -> {
                                lookAround(opened, flags, outputs);
                                confine(location.lateReading(request), flags, outputs);
                                return convert(opened, options, outputs);
                            });
        } finally {
            console.endProgress();
        }
        for (Result result : results) {
            result.tell(console);
        }
        return ExitCode.DONE;
    }

    private void lookAround(Image image, ConversionFlags flags, List<Output> outputs) {
        if (flags.isVerbose()) {
            console.note(described(image));
        }
        for (Output output : outputs) {
            List<String> found = output.settings().lookAround();
            if (flags.isVerbose()) {
                found.forEach(console::note);
            }
        }
    }

    /// @return what there is to tell, if anybody wants to know
    private List<Result> convert(Image image, ConversionOptions options, List<Output> outputs) {
        Conversion conversion = new Conversion(image, options, outputs, console);
        Thread cleanup = new Thread(() -> cleanUp(conversion, outputs), "cleanup");
        remember(cleanup);
        try (conversion) {
            conversion.run();
        } finally {
            forget(cleanup);
        }
        return console.isConversation()
                ? Result.of(outputs, image.name(), conversion.contentBytes())
                : List.of();
    }

    /// From here on hostile bytes are read. What opening the image took, such as credentials or an
    /// engine's program, is over.
    private void confine(LateReading late, ConversionFlags flags, List<Output> outputs) {
        String sandbox = "none: this process is another program's";
        if (!flags.wantsSandbox()) {
            sandbox = "none: --no-sandbox";
        } else if (!FileSystemCalls.arePrepared()) {
            sandbox = "none: an archive takes no system calls, and the first one costs too much";
        } else if (Main.hasTheProcessAlone()) {
            sandbox = Confinement.enter(needs(late, flags, outputs));
        } else if (Main.isRehearsing()) {
            Confinement.rehearse(needs(late, flags, outputs));
        }
        if (flags.isVerbose()) {
            console.note("sandbox: " + sandbox);
        }
    }

    private static Confinement.Needs needs(
            LateReading late, ConversionFlags flags, List<Output> outputs) {
        boolean programs = false;
        List<Path> written = new ArrayList<>();
        List<Path> read = new ArrayList<>(late.files());
        for (Output output : outputs) {
            OutputWriter.Settings settings = output.settings();
            if (!FileDestination.isStandardOutput(output.destination())) {
                written.add(Path.of(output.destination()));
            }
            settings.furtherDestinations().forEach(more -> written.add(Path.of(more)));
            read.addAll(settings.reads());
            programs |= settings.startsPrograms();
        }
        List<Path> directories = new ArrayList<>();
        if (late.connections()) {
            // the image's manifest is in it by now
            flags.cache().ifPresent(directories::add);
        }
        if (programs) {
            // their temporary files; those of this process are made outside
            directories.add(TemporaryFiles.standard().directory());
            directories.add(Path.of("/tmp"));
        }
        return new Confinement.Needs(written, directories, read, late.connections(), programs);
    }

    private static String described(Image image) {
        long stored = 0;
        for (LayerBlob layer : image.layers()) {
            stored += layer.data().size();
        }
        int layers = image.layers().size();
        return "%s: an image for %s, %d layer%s, %s"
                .formatted(
                        image.name(),
                        image.config().platform(),
                        layers,
                        layers == 1 ? "" : "s",
                        ByteCount.format(stored));
    }

    private void remember(Thread cleanup) {
        try {
            Runtime.getRuntime().addShutdownHook(cleanup);
        } catch (IllegalStateException e) {
            // a signal ends the process already
            console.silence();
            throw new UndockerException("interrupted", e);
        }
    }

    private static void forget(Thread cleanup) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleanup);
        } catch (IllegalStateException e) {
            // a signal ends the process: the clean-up is on its way
        }
    }

    /// What was begun goes first: the process may be killed soon, and a terminal that is stopped
    /// takes no words.
    private void cleanUp(Conversion conversion, List<Output> outputs) {
        console.silence();
        try {
            conversion.close();
            console.endProgress();
            if (!conversion.isCommitted()) {
                outputs.forEach(output -> console.interrupted(undone(output.destination())));
            }
        } catch (RuntimeException | Error e) {
            // the process ends; what it could remove is removed
        }
    }

    private static String undone(String destination) {
        if (FileDestination.isOpenFile(destination)) {
            return "what went to %s is incomplete"
                    .formatted(FileDestination.described(destination));
        }
        Path path = Path.of(destination);
        if (Files.notExists(path)) {
            return destination + ": what was written is removed";
        }
        return Files.isRegularFile(path) || Files.isDirectory(path)
                ? destination + ": is as it was before"
                : destination + ": what went there is incomplete";
    }

    /// Nobody wants to write over what is read: the file, or one in the image's directory.
    static void refuseOverwritingTheImage(@Nullable Path from, String destination) {
        if (from == null) {
            return;
        }
        Path to = named(destination);
        try {
            PathKind image = PathKind.behind(from);
            PathKind old = PathKind.behind(to);
            if (image == PathKind.NOTHING || old == PathKind.NOTHING) {
                return;
            }
            if (Files.isSameFile(from, to)) {
                throw new UndockerException(destination + ": is the image itself");
            }
            if (image == PathKind.DIRECTORY
                    && old == PathKind.FILE
                    && to.toRealPath().startsWith(from.toRealPath())) {
                throw new UndockerException(
                                "%s: cannot be replaced: it lies in the image %s"
                                        .formatted(destination, from))
                        .withHint("choose another place");
            }
        } catch (IOException e) {
            throw UndockerException.because(destination, e);
        }
    }
}
