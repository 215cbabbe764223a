package dev.undocker.source;

import dev.undocker.UndockerException;
import dev.undocker.content.FileSlice;
import dev.undocker.content.OpenedFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/// The files of a directory. Symbolic links are followed, as layouts that share blobs need it, yet
/// only to regular files: nothing blocks on a FIFO.
final class DirectoryFiles implements ImageFiles {
    private final String location;
    private final Path directory;
    private final Map<String, FileSlice> open = new HashMap<>();

    DirectoryFiles(String location, Path directory) {
        this.location = location;
        this.directory = directory;
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public String fallbackName() {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return name == null ? "image" : name.toString();
    }

    @Override
    public boolean isArchive() {
        return false;
    }

    @Override
    public boolean contains(String path) {
        return Files.isRegularFile(directory.resolve(path));
    }

    /// True when this is a root file system, such as this program writes.
    boolean isRootfs() {
        return Files.isDirectory(directory.resolve("etc"))
                && Files.isDirectory(directory.resolve("usr"));
    }

    @Override
    public @Nullable FileSlice find(String path) {
        FileSlice known = open.get(path);
        if (known != null) {
            return known;
        }
        Path file = directory.resolve(path);
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new FileSystemException(path, null, "not a regular file");
            }
            FileChannel channel = FileChannel.open(file);
            FileSlice slice = new FileSlice(channel, 0, channel.size(), OpenedFile.at(file));
            open.put(path, slice);
            return slice;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw UndockerException.because("%s: %s: cannot be read".formatted(location, path), e);
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (FileSlice slice : open.values()) {
            try {
                slice.file().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        open.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
