package dev.undocker.output;

import dev.undocker.UndockerException;
import dev.undocker.linux.Errno;
import dev.undocker.linux.SystemCallException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// What stands at a path. Where the file system gives no answer, [Files#exists] and its like say
/// no, and what is there would be taken for something else; here that is a failure.
public enum PathKind {
    NOTHING,
    FILE,
    DIRECTORY,
    LINK,
    OTHER;

    /// What has this name, a symbolic link too.
    ///
    /// @throws UndockerException when the file system does not say
    public static PathKind of(Path path) {
        return read(path, LinkOption.NOFOLLOW_LINKS);
    }

    /// What the path leads to, nothing where a link leads nowhere; never a link.
    ///
    /// @throws UndockerException when the file system does not say
    public static PathKind behind(Path path) {
        return read(path);
    }

    private static PathKind read(Path path, LinkOption... options) {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(path, BasicFileAttributes.class, options);
            if (found.isSymbolicLink()) {
                return LINK;
            }
            if (found.isDirectory()) {
                return DIRECTORY;
            }
            return found.isRegularFile() ? FILE : OTHER;
        } catch (IOException e) {
            if (SystemCallException.of(e).is(Errno.ENOENT, Errno.ENOTDIR)) {
                return NOTHING;
            }
            throw UndockerException.because(path.toString(), e);
        }
    }
}
