package dev.undocker.output;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.FreeSpace;
import dev.undocker.linux.DirectoryHandle;
import dev.undocker.linux.DirectoryHandle.Rename;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.OpenDescriptor;
import dev.undocker.linux.Pipe;
import dev.undocker.linux.SystemCallException;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// Where a single file goes. A new or regular file is written beside its final name and takes that
/// name when it is committed, so that the name never stands for half a file. Standard output,
/// pipes, devices, and files by the name of a descriptor (`/dev/fd/3`) are written in place, where
/// nothing can be taken back. Symbolic links are followed.
///
/// A file that is replaced keeps a name beside the final one until this is closed, so that it can
/// come back. Whatever stands beside it is locked meanwhile, which tells [Leftovers] that it is in
/// use.
///
/// One thread writes; [#close()] may be called by another to clean up.
public final class FileDestination implements Committable {
    private static final Set<String> STANDARD_OUTPUT =
            Set.of("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

    private static final int STANDARD_OUTPUT_DESCRIPTOR = 1;

    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    /// What is to replace a file that others may not read is not theirs to read either.
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final int TYPE_OF_MODE = 0170000;
    private static final int BLOCK_DEVICE = 0060000;

    /// Less goes through a pipe in the time that the first system call takes.
    private static final long WORTH_A_WIDE_PIPE = 16 << 20;

    /// Who has less room than that may as well have none.
    private static final int NO_ROOM = 1 << 20;

    private final String name;
    private final FileChannel channel;
    private final @Nullable Path temporary;
    private final @Nullable Path target;
    private final @Nullable OpenDescriptor descriptor;
    private final Warnings warnings;
    private @Nullable Path earlier;
    private @Nullable FileChannel heldEarlier;
    private boolean committed;
    private @Nullable WriteBack writeBack;

    private record GrowingFile(FileChannel channel) implements WriteBack.Growing {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }
    }

    private FileDestination(
            String name,
            FileChannel channel,
            @Nullable Path temporary,
            @Nullable Path target,
            @Nullable OpenDescriptor descriptor,
            Warnings warnings) {
        this.name = name;
        this.channel = channel;
        this.temporary = temporary;
        this.target = target;
        this.descriptor = descriptor;
        this.warnings = warnings;
    }

    /// True when `destination` is the process' standard output under one of its names.
    public static boolean isStandardOutput(String destination) {
        return STANDARD_OUTPUT.contains(destination);
    }

    /// True when `destination` names a file that the process was given open: standard output, or
    /// any other descriptor of a regular file.
    public static boolean isOpenFile(String destination) {
        try {
            return isStandardOutput(destination)
                    || descriptor(followed(Path.of(destination))).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /// What to call it in a message.
    public static String described(String destination) {
        return isStandardOutput(destination) ? "standard output" : destination;
    }

    private static Optional<OpenDescriptor> descriptor(Path target) {
        return PathKind.behind(target) == PathKind.FILE
                ? OpenDescriptor.of(target)
                : Optional.empty();
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
            PathKind kind = PathKind.behind(target);
            if (kind == PathKind.DIRECTORY) {
                throw isDirectory(destination);
            }
            Path directory = target.getParent();
            if (directory != null && PathKind.behind(directory) != PathKind.DIRECTORY) {
                throw noDirectory(destination, directory);
            }
            Optional<OpenDescriptor> descriptor = descriptor(target);
            if (descriptor.filter(open -> !open.writable()).isPresent()) {
                throw new UndockerException(destination + ": is not open for writing");
            }
            boolean inPlace = descriptor.isPresent() || kind == PathKind.OTHER;
            Path written = inPlace || directory == null ? target : directory;
            if (!Files.isWritable(written)) {
                throw new UndockerException(
                        "%s: %s is not writable".formatted(destination, written));
            }
        } catch (IOException e) {
            throw UndockerException.because(destination, e);
        }
    }

    /// The same for what can be a regular file alone.
    public static void validateFile(String destination) {
        validate(destination);
        if (PathKind.behind(Path.of(destination)) == PathKind.OTHER) {
            throw new UndockerException(destination + ": is no regular file")
                    .withHint("write a file, and copy it there");
        }
    }

    private static UndockerException isDirectory(String destination) {
        return new UndockerException(destination + ": is a directory")
                .withHint("name a file in it");
    }

    /// @param directory where `destination` should go
    static UndockerException noDirectory(String destination, Path directory) {
        UndockerException failure =
                new UndockerException(
                        "%s: no such directory: %s".formatted(destination, directory));
        return PathKind.of(directory) == PathKind.NOTHING
                ? failure.withHint("make it first: " + ShellCommand.of("mkdir", "-p", directory))
                : failure;
    }

    /// @param destination a path, or `-` for standard output
    /// @param warnings hear when a replaced file can be neither removed nor put back
    /// @throws UndockerException when nothing can be written there
    public static FileDestination open(String destination, Warnings warnings) {
        if (isStandardOutput(destination)) {
            return new FileDestination(
                    described(destination),
                    new FileOutputStream(FileDescriptor.out).getChannel(),
                    null,
                    null,
                    null,
                    warnings);
        }
        try {
            Path target = followed(Path.of(destination));
            PathKind kind = PathKind.behind(target);
            if (kind == PathKind.DIRECTORY) {
                throw isDirectory(destination);
            }
            Optional<OpenDescriptor> descriptor = descriptor(target);
            if (descriptor.isPresent()) {
                return through(descriptor.get(), destination, target, warnings);
            }
            if (kind == PathKind.OTHER) {
                return new FileDestination(
                        destination,
                        FileChannel.open(target, StandardOpenOption.WRITE),
                        null,
                        target,
                        null,
                        warnings);
            }
            Leftovers.remove(target, warnings);
            return beside(destination, target, warnings);
        } catch (IOException e) {
            throw UndockerException.because(destination, e);
        }
    }

    /// Makes ready for as much as the request's files hold.
    public void expect(OutputRequest request) {
        long bytes = request.sizes().contentBytes();
        if (temporary == null && target == null && bytes >= WORTH_A_WIDE_PIPE) {
            Pipe.widen(STANDARD_OUTPUT_DESCRIPTOR);
        }
        if (temporary != null) {
            writeBack = WriteBack.of(new GrowingFile(channel), request);
        }
    }

    /// Fails when a new file of `bytes` has no room; one that is written in place is never asked.
    ///
    /// @throws UndockerException when there is less space
    public void requireSpace(long bytes) {
        String shortage = temporary == null ? null : FreeSpace.shortage(temporary, bytes);
        if (shortage != null) {
            throw new UndockerException("%s: %s".formatted(name, shortage));
        }
    }

    /// Where the last of a chain of links points, whether there is something or not.
    private static Path followed(Path path) throws IOException {
        Path at = path.toAbsolutePath();
        for (int i = 0; i < 40 && PathKind.of(at) == PathKind.LINK; i++) {
            if (at.startsWith("/proc") || at.startsWith("/dev/fd")) {
                // a link of the kernel's leads to an open file, which may have no name
                return at;
            }
            at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        return at;
    }

    private static FileDestination through(
            OpenDescriptor descriptor, String destination, Path target, Warnings warnings)
            throws IOException {
        FileChannel channel =
                FileChannel.open(
                        target,
                        descriptor.appends()
                                ? StandardOpenOption.APPEND
                                : StandardOpenOption.WRITE);
        return Handover.of(
                channel,
                file -> {
                    if (!descriptor.appends()) {
                        file.position(descriptor.position());
                    }
                    return new FileDestination(
                            destination, file, null, target, descriptor, warnings);
                });
    }

    private static FileDestination beside(String destination, Path target, Warnings warnings)
            throws IOException {
        boolean replaces = PathKind.behind(target) != PathKind.NOTHING;
        while (true) {
            Path temporary = sibling(target);
            FileChannel channel =
                    replaces
                            ? FileChannel.open(temporary, NEW, PRIVATE)
                            : FileChannel.open(temporary, NEW);
            FileDestination made =
                    new FileDestination(destination, channel, temporary, target, null, warnings);
            if (Handover.of(made, FileDestination::hold)) {
                return made;
            }
            made.close();
        }
    }

    /// False when another run took the file for a leftover before it was locked.
    private boolean hold() {
        try {
            return channel.tryLock() != null
                    && temporary != null
                    && Files.exists(temporary, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            // without locks nobody finds a leftover
            return true;
        }
    }

    private static Path sibling(Path target) {
        byte[] name = SiblingName.of(FileSystemCalls.name(target));
        return target.resolveSibling(FileSystemCalls.path(name));
    }

    /// What to call the destination in a message.
    public String name() {
        return name;
    }

    /// Where another program is to write, who finds an empty file there: the temporary name until
    /// the commit.
    ///
    /// @throws IllegalStateException for what is written in place
    public Path unfinished() {
        if (temporary == null) {
            throw new IllegalStateException("no file: " + name);
        }
        return temporary;
    }

    /// Tries what another program may have failed at: to write on in the file, and to make one
    /// beside it. The file is no output any more.
    ///
    /// @throws IOException with the system's reason when that fails
    public void requireWritable() throws IOException {
        ByteBuffer more = ByteBuffer.allocate(NO_ROOM);
        while (more.hasRemaining()) {
            channel.write(more, channel.size());
        }
        if (target != null) {
            Path another = sibling(target);
            FileChannel.open(another, NEW).close();
            Files.delete(another);
        }
    }

    public FileChannel channel() {
        return channel;
    }

    /// Writes all of `content`.
    public void write(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw UndockerException.because(name, e);
        }
    }

    @Override
    public Committed commit() {
        if (temporary == null || target == null) {
            return Committed.FOR_GOOD;
        }
        try {
            takeModeOf(target, temporary);
            channel.close();
            Committed taken = take(temporary, target);
            committed = true;
            return taken;
        } catch (IOException e) {
            throw UndockerException.because(name, e);
        }
    }

    private static void takeModeOf(Path target, Path temporary) throws IOException {
        if (PathKind.behind(target) != PathKind.NOTHING) {
            Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(target));
        }
    }

    /// Gives the file its final name; there is no moment in which that stands for nothing.
    private Committed take(Path written, Path target) throws IOException {
        Path link = sibling(target);
        try {
            Files.createLink(link, target);
            keep(link);
        } catch (NoSuchFileException e) {
            // nothing is replaced
        } catch (IOException e) {
            // a file system without links, or another user's file: proc_sys_fs(5)
            return takeWithoutLink(written, target);
        }
        rename(written, target);
        return () -> takeBack(target);
    }

    private Committed takeWithoutLink(Path written, Path target) throws IOException {
        try (DirectoryHandle directory =
                FileSystemCalls.select().openDirectory(target.resolveSibling("."))) {
            directory.rename(
                    FileSystemCalls.name(written), FileSystemCalls.name(target), Rename.EXCHANGE);
            keep(written);
            return () -> takeBack(target);
        } catch (SystemCallException e) {
            rename(written, target);
            return () -> warnings.warn(name + ": what it replaced cannot come back");
        }
    }

    private void keep(Path replaced) {
        earlier = replaced;
        try {
            FileChannel held = FileChannel.open(replaced, StandardOpenOption.READ);
            heldEarlier = held;
            held.tryLock(0, Long.MAX_VALUE, true);
        } catch (IOException e) {
            // not ours to read, or no locks: then it is not protected from another run's clean-up
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void takeBack(Path target) {
        Path old = earlier;
        // where it cannot come back, it is not to be lost either
        earlier = null;
        try {
            if (old == null) {
                Files.deleteIfExists(target);
            } else {
                rename(old, target);
            }
        } catch (IOException e) {
            String left = old == null ? "" : ", what it replaced is left in " + old.getFileName();
            warn("%s: cannot be taken back%s".formatted(name, left), e);
        }
    }

    @Override
    public void sync() {
        try {
            if (committed && target != null) {
                FileSystemCalls.syncDirectory(target.resolveSibling("."));
            } else if (temporary != null && target != null) {
                // the mode is to be on the disk with the data
                takeModeOf(target, temporary);
                if (writeBack != null) {
                    writeBack.end();
                }
                channel.force(true);
            } else if (isBlockDevice()) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw UndockerException.because(name, e);
        }
    }

    private boolean isBlockDevice() throws IOException {
        return target != null
                && ((int) Files.getAttribute(target, "unix:mode") & TYPE_OF_MODE) == BLOCK_DEVICE;
    }

    /// Removes the replaced file after a commit, or else what was written.
    @Override
    public void close() throws IOException {
        // names go first: closing may wait for a slow disk or fail
        remove(earlier, "the replaced file");
        if (!committed) {
            remove(temporary, "what was written");
        }
        try (FileChannel held = heldEarlier) {
            if (descriptor != null && channel.isOpen()) {
                descriptor.moveTo(channel.position());
            }
            if (target != null) {
                // standard output is not ours to close
                channel.close();
            }
        }
    }

    private void remove(@Nullable Path file, String what) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            warn("%s: %s is left in %s".formatted(name, what, file.getFileName()), e);
        }
    }

    private void warn(String what, IOException why) {
        warnings.warn(UndockerException.because(what, why).sentence());
    }
}
