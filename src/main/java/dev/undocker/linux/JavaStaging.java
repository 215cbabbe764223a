package dev.undocker.linux;

import dev.undocker.DirectoryListing;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// The private directory in which nodes are made before they are moved to their place: mode 0700, a
/// random name, made at the first use and removed with the handle that was opened by path.
final class JavaStaging {
    private final Path parent;
    private final AtomicLong counter = new AtomicLong();
    private @Nullable Path path;
    private @Nullable SecureDirectoryStream<Path> stream;

    JavaStaging(Path parent) {
        this.parent = parent;
    }

    /// A path in the staging directory that nobody used before.
    Path next() throws IOException {
        return path().resolve(Long.toString(counter.incrementAndGet()));
    }

    /// True for the name of the staging directory itself.
    synchronized boolean is(Path name) {
        return path != null && path.getFileName().equals(name);
    }

    private synchronized Path path() throws IOException {
        Path made = path;
        if (made == null) {
            String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            made =
                    Files.createDirectory(
                            parent.resolve(".undocker-" + random),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------")));
            path = made;
        }
        return made;
    }

    /// The handle from which nodes are moved away.
    synchronized SecureDirectoryStream<Path> stream() throws IOException {
        SecureDirectoryStream<Path> open = stream;
        if (open == null) {
            DirectoryStream<Path> made = Files.newDirectoryStream(path());
            if (!(made instanceof SecureDirectoryStream<Path> secure)) {
                made.close();
                throw new SystemCallException(Errno.ENOSYS);
            }
            open = secure;
            stream = secure;
        }
        return open;
    }

    /// Moves a finished node to `name` of `target`, where nothing may stand. The check cannot be
    /// one with the move here; a name made in between loses, which harms nobody outside.
    void place(Path made, SecureDirectoryStream<Path> target, byte[] name) throws IOException {
        Path file = FileName.path(name);
        if (JavaDirectory.exists(target, file)) {
            throw new SystemCallException(Errno.EEXIST);
        }
        stream().move(made.getFileName(), target, file);
    }

    synchronized void close() throws IOException {
        if (stream != null) {
            stream.close();
            stream = null;
        }
        if (path != null) {
            for (Path node : DirectoryListing.of(path)) {
                if (!Files.isDirectory(node, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(node);
                }
            }
            Files.delete(path);
            path = null;
        }
    }
}
