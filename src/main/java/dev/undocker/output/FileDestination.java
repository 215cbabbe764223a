package dev.undocker.output;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Where a single file goes. A new or regular file is written beside its final name and takes that
/// name when it is committed, so that the name never stands for half a file. Standard output, pipes
/// and devices are written in place. Symbolic links are followed.
///
/// One thread writes; [#close()] may be called by another to clean up.
public final class FileDestination implements Closeable {
    private static final Set<String> STANDARD_OUTPUT =
            Set.of("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

    private final String name;
    private final FileChannel channel;
    private final @Nullable Path temporary;
    private final @Nullable Path target;
    private boolean committed;

    private FileDestination(
            String name, FileChannel channel, @Nullable Path temporary, @Nullable Path target) {
        this.name = name;
        this.channel = channel;
        this.temporary = temporary;
        this.target = target;
    }

    /// True when `destination` is the process' standard output under one of its names.
    public static boolean isStandardOutput(String destination) {
        return STANDARD_OUTPUT.contains(destination);
    }

    /// Tells early what [#open] would complain about; makes nothing.
    ///
    /// @throws UndockerException when nothing can be written to `destination`
    public static void validate(String destination) {
        if (isStandardOutput(destination)) {
            return;
        }
        try {
            Path target = followed(Path.of(destination));
            if (Files.isDirectory(target)) {
                throw new UndockerException(destination + ": is a directory");
            }
            Path directory = target.getParent();
            if (directory != null && !Files.isDirectory(directory)) {
                throw new UndockerException(
                        "%s: there is no directory %s".formatted(destination, directory));
            }
            boolean inPlace = Files.exists(target) && !Files.isRegularFile(target);
            Path written = inPlace || directory == null ? target : directory;
            if (!Files.isWritable(written)) {
                throw new UndockerException(
                        "%s: %s is not writable".formatted(destination, written));
            }
        } catch (IOException e) {
            throw UndockerException.because(destination, e);
        }
    }

    /// @param destination a path, or `-` for standard output
    /// @throws UndockerException when nothing can be written there
    public static FileDestination open(String destination) {
        if (isStandardOutput(destination)) {
            return new FileDestination(
                    "standard output",
                    new FileOutputStream(FileDescriptor.out).getChannel(),
                    null,
                    null);
        }
        try {
            Path target = followed(Path.of(destination));
            if (Files.isDirectory(target)) {
                throw new UndockerException(destination + ": is a directory");
            }
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(target)) {
                return new FileDestination(
                        destination,
                        FileChannel.open(target, StandardOpenOption.WRITE),
                        null,
                        target);
            }
            Path temporary = beside(target);
            FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            if (Files.exists(target)) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(target));
            }
            return new FileDestination(destination, channel, temporary, target);
        } catch (IOException e) {
            throw UndockerException.because(destination, e);
        }
    }

    /// Where the last of a chain of links points, whether there is something or not.
    private static Path followed(Path path) throws IOException {
        Path at = path.toAbsolutePath();
        for (int i = 0; i < 40 && Files.isSymbolicLink(at); i++) {
            if (at.startsWith("/proc") || at.startsWith("/dev/fd")) {
                // a link of the kernel's leads to an open file, which may have no name
                return at;
            }
            at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        return at;
    }

    private static Path beside(Path target) {
        return target.resolveSibling(
                ".%s.undocker-%08x"
                        .formatted(target.getFileName(), ThreadLocalRandom.current().nextInt()));
    }

    /// What to call the destination in a message.
    public String name() {
        return name;
    }

    public FileChannel channel() {
        return channel;
    }

    /// Gives the file its final name.
    public void commit() throws IOException {
        if (temporary != null && target != null) {
            channel.close();
            Files.move(
                    temporary,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        committed = true;
    }

    @Override
    public void close() throws IOException {
        if (target != null) {
            // standard output is not ours to close
            channel.close();
        }
        if (temporary != null && !committed) {
            Files.deleteIfExists(temporary);
        }
    }
}
