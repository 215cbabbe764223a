package dev.undocker.content;

import dev.undocker.DirectoryListing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Makes temporary files in one directory. A file's name is removed as soon as it is open, before
/// anything is written, so that nothing stays behind however the program ends: at worst an empty
/// file, which the next run removes. Thread-safe.
public final class TemporaryFiles {
    private static final int SPOOL_BUFFER = 256 << 10;

    private static final Pattern NAME = Pattern.compile("\\.undocker-[0-9a-f]{16}\\.tmp");

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<StandardOpenOption> NEW =
            Set.of(
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE_NEW);

    /// Held while a file has a name, and for good once the process ends.
    private static final ReentrantLock NAMED = new ReentrantLock();

    private static boolean endWaits;

    private final Path directory;
    private final Limits limits;
    private final Agent agent;

    // guarded by NAMED
    private boolean clean;

    /// Who makes and removes names in the directory, which may be more than the thread may that
    /// wants a file.
    @FunctionalInterface
    public interface Agent {
        <T> T ask(Supplier<T> work);
    }

    /// @param directory where the files go
    /// @param limits how much of an image may be unpacked
    public TemporaryFiles(Path directory, Limits limits, Agent agent) {
        this.directory = directory;
        this.limits = limits;
        this.agent = agent;
    }

    /// With the limits that hold where the user asks for none, made by whoever wants them.
    public TemporaryFiles(Path directory) {
        this(directory, Limits.STANDARD, Supplier::get);
    }

    /// Where the files go.
    public Path directory() {
        return directory;
    }

    /// How much of an image may be unpacked.
    public Limits limits() {
        return limits;
    }

    /// The directory that `TMPDIR` names, else `/var/tmp` (`/tmp` is often memory), else `/tmp`.
    public static TemporaryFiles standard() {
        String named = System.getenv("TMPDIR");
        if (named != null && !named.isEmpty()) {
            return new TemporaryFiles(Path.of(named));
        }
        Path large = Path.of("/var/tmp");
        return new TemporaryFiles(Files.isWritable(large) ? large : Path.of("/tmp"));
    }

    /// An empty file, readable and writable, without a name. The caller closes it.
    ///
    /// @throws TemporaryFileException when there can be none
    public FileChannel create() {
        NAMED.lock();
        try {
            letTheEndWait();
            return agent.ask(this::made);
        } finally {
            NAMED.unlock();
        }
    }

    private FileChannel made() {
        removeLeftovers();
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        Path path = directory.resolve(".undocker-" + random + ".tmp");
        try {
            FileChannel file = FileChannel.open(path, NEW, PRIVATE);
            try {
                // another run may have taken it for a leftover
                Files.deleteIfExists(path);
                return file;
            } catch (IOException | RuntimeException | Error e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw failure("cannot create a temporary file", e);
        }
    }

    /// Removes what runs left that were killed while a file had its name. Whose it is does not
    /// matter: a file that has a name yet does not need it.
    public void clean() {
        NAMED.lock();
        try {
            agent.ask(this::removeLeftovers);
        } finally {
            NAMED.unlock();
        }
    }

    /// @return false where that was done before
    private boolean removeLeftovers() {
        if (clean) {
            return false;
        }
        clean = true;
        try {
            for (Path file : DirectoryListing.of(directory)) {
                if (NAME.matcher(file.getFileName().toString()).matches()) {
                    removeIfEmpty(file);
                }
            }
        } catch (IOException e) {
            // whether files can be made there is seen without a list
        }
        return true;
    }

    private static void removeIfEmpty(Path file) {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(
                            file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (found.isRegularFile() && found.size() == 0) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // another user's, or another run was faster
        }
    }

    /// A signal ends the process only when no file has a name. Where it is ending already, this
    /// does not return, as the lock would not be given any more.
    private static void letTheEndWait() {
        if (endWaits) {
            return;
        }
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(NAMED::lock, "temporary-files"));
            endWaits = true;
        } catch (IllegalStateException e) {
            Condition never = NAMED.newCondition();
            while (!endWaits) {
                never.awaitUninterruptibly();
            }
        }
    }

    /// All of `bytes` in a file without a name. The caller closes it.
    ///
    /// @throws IOException when `bytes` cannot be read
    /// @throws TemporaryFileException when the file cannot be written, for want of space above all
    public FileChannel spool(InputStream bytes) throws IOException {
        FileChannel file = create();
        try {
            byte[] buffer = new byte[SPOOL_BUFFER];
            long position = 0;
            while (true) {
                int count = bytes.readNBytes(buffer, 0, buffer.length);
                if (count == 0) {
                    return file;
                }
                write(file, ByteBuffer.wrap(buffer, 0, count), position);
                position += count;
            }
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /// Writes all of `bytes` to one of these files, from `position` on.
    ///
    /// @throws TemporaryFileException when that fails, for want of space above all
    public void write(FileChannel file, ByteBuffer bytes, long position) {
        try {
            long at = position;
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
        } catch (IOException e) {
            throw failure("cannot write a temporary file", e);
        }
    }

    /// Fails when the directory's file system has less than `bytes` free.
    public void requireSpace(long bytes) {
        String shortage = FreeSpace.shortage(directory, bytes);
        if (shortage != null) {
            throw new TemporaryFileException("%s: %s".formatted(directory, shortage));
        }
    }

    private TemporaryFileException failure(String what, IOException cause) {
        return new TemporaryFileException("%s: %s".formatted(directory, what), cause);
    }
}
