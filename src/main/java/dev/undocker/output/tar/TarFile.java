package dev.undocker.output.tar;

import dev.undocker.codec.Compression;
import dev.undocker.linux.NewFileChannel;
import dev.undocker.output.DirectoryDestination;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;

/// A tar that is one of several files in a directory.
public record TarFile(NewFileChannel file, TarOutput tar) implements Closeable {
    private static final int MODE = 0644;

    /// @param level null for the format's usual one
    /// @param dotPrefix true to write names as `./a`
    public static TarFile open(
            DirectoryDestination destination,
            String name,
            Compression compression,
            @Nullable Integer level,
            int threads,
            boolean dotPrefix)
            throws IOException {
        NewFileChannel file = destination.makeFile(name, MODE);
        TarOutput tar =
                new TarOutput(
                        file, destination + "/" + name, compression, level, threads, dotPrefix);
        return new TarFile(file, tar);
    }

    @Override
    public void close() throws IOException {
        tar.close();
        file.close();
    }
}
