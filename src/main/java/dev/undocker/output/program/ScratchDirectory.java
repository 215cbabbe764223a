package dev.undocker.output.program;

import dev.undocker.Warnings;
import dev.undocker.output.DirectoryDestination;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory beside an output, with what its programs need on the way. It has a name and a lock
/// like an output in the making, so that the next run removes what a killed one leaves.
public final class ScratchDirectory implements Closeable {
    private final DirectoryDestination directory;

    private ScratchDirectory(DirectoryDestination directory) {
        this.directory = directory;
    }

    /// @param destination of the output
    /// @throws dev.undocker.UndockerException when it cannot be made
    public static ScratchDirectory beside(String destination, Warnings warnings) {
        return new ScratchDirectory(DirectoryDestination.scratch(destination, warnings));
    }

    /// A name in it.
    public Path resolve(String name) {
        return directory.growing().resolve(name);
    }

    /// A new directory in it.
    public Path makeDirectory(String name) throws IOException {
        return Files.createDirectory(resolve(name));
    }

    /// Removes it with all that is in it.
    @Override
    public void close() throws IOException {
        directory.close();
    }
}
