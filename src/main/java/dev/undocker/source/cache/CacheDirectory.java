package dev.undocker.source.cache;

import dev.undocker.DirectoryListing;
import dev.undocker.UndockerException;
import dev.undocker.image.CacheChoice;
import dev.undocker.image.Digest;
import dev.undocker.source.EnvironmentPath;
import dev.undocker.source.Home;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Where the cache's files are: blobs as in an OCI layout (`blobs/ALGORITHM/HEX`), what has not
/// arrived completely (`partial/ALGORITHM-HEX`), and the file that runs lock parts of (`lock`). The
/// folder's name says which version of this order it is.
public record CacheDirectory(Path top) {
    private static final String VERSION = "v1";

    /// A blob of the cache, or what has arrived of one.
    ///
    /// @param used when it was last read, or written
    public record Entry(Digest digest, Path path, long size, FileTime used) {}

    /// What the current user may do here.
    enum Right {
        NONE,
        READ,
        WRITE
    }

    /// The directory that is meant: `--cache-dir`, else the customary one (XDG Base Directory
    /// Specification, `XDG_CACHE_HOME`).
    public static CacheDirectory of(
            CacheChoice choice, Function<String, @Nullable String> environment) {
        if (choice.directory() != null) {
            return new CacheDirectory(choice.directory().resolve(VERSION));
        }
        Path named = EnvironmentPath.of(environment, "XDG_CACHE_HOME");
        // a relative path is to be ignored, says the specification
        Path caches =
                named != null && named.isAbsolute()
                        ? named
                        : Home.of(environment).resolve(".cache");
        return new CacheDirectory(caches.resolve("undocker").resolve(VERSION));
    }

    Path blob(Digest digest) {
        return blobs(digest.algorithm()).resolve(digest.hex());
    }

    private Path blobs(Digest.Algorithm algorithm) {
        return top.resolve("blobs").resolve(algorithm.word());
    }

    private Path partial(Digest digest) {
        return partials().resolve(digest.algorithm().word() + "-" + digest.hex());
    }

    private Path partials() {
        return top.resolve("partial");
    }

    /// Another user's files are left alone, and believed only if that user is root: with sudo and a
    /// kept HOME, root would leave files behind that their owner cannot remove, and read what the
    /// owner may change under its eyes.
    Right right() throws IOException {
        Path existing = top.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        Object owner = Files.getAttribute(existing, "unix:uid");
        if (!owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            return owner.equals(0) ? Right.READ : Right.NONE;
        }
        return Files.isWritable(existing) ? Right.WRITE : Right.READ;
    }

    /// True when nothing was ever kept here.
    boolean isNew() {
        return !Files.exists(top);
    }

    private void create() throws IOException {
        var mine =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            Files.createDirectories(blobs(algorithm), mine);
        }
        Files.createDirectories(partials(), mine);
    }

    /// Makes what is missing, and opens the file whose parts stand for digests. Whoever closes one
    /// of its channels loses the locks of the process, so a process opens it once.
    FileChannel openLocks() throws IOException {
        create();
        Path lock = top.resolve("lock");
        if (Files.exists(lock, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) {
            // a FIFO would keep who opens it
            throw new FileSystemException(lock.toString(), null, "not a file");
        }
        return FileChannel.open(
                lock,
                Set.of(
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        LinkOption.NOFOLLOW_LINKS));
    }

    /// The part of the lock file that stands for a digest; two digests rarely share one.
    static long lockPosition(Digest digest) {
        return Long.parseLong(digest.hex().substring(0, 15), 16);
    }

    /// @return null when there is none
    @Nullable FileChannel openBlob(Digest digest) throws IOException {
        try {
            // a FIFO would keep who opens it
            return Files.isRegularFile(blob(digest), LinkOption.NOFOLLOW_LINKS)
                    ? FileChannel.open(
                            blob(digest),
                            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    FileChannel openPartial(Digest digest) throws IOException {
        return FileChannel.open(
                partial(digest),
                Set.of(
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /// How much of a blob has arrived.
    long partialSize(Digest digest) {
        return partial(digest).toFile().length();
    }

    /// Gives what has arrived the blob's name.
    void publish(Digest digest) throws IOException {
        Files.setPosixFilePermissions(
                partial(digest), PosixFilePermissions.fromString("r--------"));
        Files.move(partial(digest), blob(digest), StandardCopyOption.ATOMIC_MOVE);
    }

    /// @return false when it could not be removed
    boolean deletePartial(Digest digest) {
        return delete(partial(digest));
    }

    /// Removes a blob; whoever reads it goes on.
    ///
    /// @return false when it could not be removed
    boolean deleteBlob(Digest digest) {
        return delete(blob(digest));
    }

    private static boolean delete(Path path) {
        try {
            Files.deleteIfExists(path);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Remembers that a blob was read now.
    void touch(Digest digest) {
        try {
            Files.setLastModifiedTime(blob(digest), FileTime.from(Instant.now()));
        } catch (IOException e) {
            // read-only: nothing is removed there either
        }
    }

    /// All blobs, in no order. Other files are not looked at.
    List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            for (Path path : files(blobs(algorithm))) {
                add(algorithm.word() + ":" + path.getFileName(), path, entries);
            }
        }
        return entries;
    }

    /// What has arrived in part, in no order.
    List<Entry> partialEntries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path path : files(partials())) {
            add(path.getFileName().toString().replaceFirst("-", ":"), path, entries);
        }
        return entries;
    }

    private static void add(String digest, Path path, List<Entry> entries) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile()) {
                entries.add(
                        new Entry(
                                Digest.parse(digest),
                                path,
                                attributes.size(),
                                attributes.lastModifiedTime()));
            }
        } catch (UndockerException | NoSuchFileException e) {
            // not the cache's, or removed meanwhile
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try {
            return DirectoryListing.of(directory);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }

    /// A sentence about what cannot be done here.
    String complaint(IOException cause) {
        return UndockerException.because("%s: cannot keep what arrives".formatted(top), cause)
                .sentence();
    }

    @Override
    public String toString() {
        return top.toString();
    }
}
