package dev.undocker.output;

import dev.undocker.DirectoryListing;
import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.linux.DirectoryHandle;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.SystemCallException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// What runs that were killed left beside a destination: the output that they were writing, or what
/// it had replaced. Whoever lives holds a lock on what is his, on files by fcntl(2), on directories
/// by flock(2), and the kernel takes it away with the process. What cannot be locked stays, and so
/// does a tree with [Occupants].
final class Leftovers {
    private Leftovers() {}

    /// Removes the leftovers beside `target`, and nothing that is in use.
    ///
    /// @param warnings hear of what cannot be removed
    static void remove(Path target, Warnings warnings) {
        byte[] name = FileSystemCalls.name(target);
        try {
            for (Path sibling : DirectoryListing.of(target.resolveSibling("."))) {
                if (SiblingName.isLikely(sibling)
                        && SiblingName.isOne(FileSystemCalls.name(sibling), name)) {
                    remove(target, sibling, warnings);
                }
            }
        } catch (IOException e) {
            // a directory that cannot be listed; opening the destination tells more
        }
    }

    private static void remove(Path target, Path sibling, Warnings warnings) {
        try {
            if (Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS)) {
                removeTree(sibling);
            } else if (Files.isRegularFile(sibling, LinkOption.NOFOLLOW_LINKS)) {
                removeFile(sibling);
            }
        } catch (NoSuchFileException e) {
            // its own run was faster
        } catch (IOException e) {
            warnings.warn(
                    UndockerException.because(
                                    "%s: %s is left from a run that was killed"
                                            .formatted(target, sibling.getFileName()),
                                    e)
                            .sentence());
        }
    }

    private static void removeFile(Path file) throws IOException {
        // for reading as well, since opening what became a FIFO meanwhile would wait otherwise
        try (FileChannel channel =
                        FileChannel.open(
                                file,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(file);
            }
        } catch (OverlappingFileLockException e) {
            // this process' own
        }
    }

    private static void removeTree(Path tree) throws IOException {
        byte[] name = FileSystemCalls.name(tree);
        try (DirectoryHandle parent =
                        FileSystemCalls.select().openDirectory(tree.resolveSibling("."));
                DirectoryHandle opened = parent.openDirectory(name)) {
            if (isFree(opened)) {
                Optional<String> use = Occupants.use(tree.toRealPath());
                if (use.isPresent()) {
                    throw new IOException(use.get());
                }
                TreeRemoval.remove(parent, name);
            }
        }
    }

    private static boolean isFree(DirectoryHandle directory) throws IOException {
        try {
            return directory.lock();
        } catch (SystemCallException e) {
            // no locks: nobody knows
            return false;
        }
    }
}
