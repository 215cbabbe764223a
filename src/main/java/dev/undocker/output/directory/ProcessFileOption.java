package dev.undocker.output.directory;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.runtime.oci.ProcessJson;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/// What an output of files alone cannot hold, in a file beside it: an option.
public final class ProcessFileOption {
    private @Nullable String file;

    /// Adds the option.
    public void declare(Options options) {
        options.text(
                "--process-file",
                "FILE",
                "also write what the image says of its process, ports, volumes and labels, as JSON",
                value -> file = value);
    }

    /// @param destination of the files themselves
    /// @throws UndockerException when nothing can be written there
    public void validate(String destination) {
        if (file == null) {
            return;
        }
        if (FileDestination.isStandardOutput(file)
                && FileDestination.isStandardOutput(destination)) {
            throw UndockerException.usage("--process-file %s: the files go there".formatted(file))
                    .withHint("name a file");
        }
        FileDestination.validate(file);
    }

    /// The file, if there is to be one.
    public List<String> destinations() {
        return file == null ? List.of() : List.of(file);
    }

    /// @param files the result's from now on, or the result itself
    /// @return an output that takes its name together with the file
    public RootfsSink accompany(RootfsSink files, OutputRequest request) {
        String beside = file;
        if (beside == null) {
            return files;
        }
        try {
            return Handover.of(
                    files,
                    _ ->
                            Handover.of(
                                    FileDestination.open(beside, request.events()),
                                    opened -> {
                                        opened.write(ProcessJson.of(request.image().config()));
                                        return AccompaniedTree.with(List.of(opened), files);
                                    }));
        } catch (IOException e) {
            throw UndockerException.because(beside, e);
        }
    }
}
