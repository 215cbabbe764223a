package dev.undocker.output.tar;

import dev.undocker.Events.Task;
import dev.undocker.codec.Encoding;
import dev.undocker.linux.NewFileChannel;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.Handover;

import java.io.Closeable;
import java.io.IOException;

/// A tar that is one of several files in a directory.
public record TarFile(NewFileChannel file, TarOutput tar) implements Closeable {
    private static final int MODE = 0644;

    /// @param dotPrefix true to write names as `./a`
    /// @param task as [TarOutput] takes it
    public static TarFile open(
            DirectoryDestination destination,
            String name,
            Encoding encoding,
            boolean dotPrefix,
            Task task)
            throws IOException {
        return Handover.of(
                destination.makeFile(name, MODE),
                file ->
                        new TarFile(
                                file,
                                new TarOutput(
                                        file,
                                        destination + "/" + name,
                                        encoding,
                                        dotPrefix,
                                        task)));
    }

    /// The file goes first: encoders may be at work for long, and end when they cannot write.
    @Override
    public void close() throws IOException {
        try (tar) {
            file.close();
        }
    }
}
