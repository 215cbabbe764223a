package dev.undocker.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;

/// Finds the error number that java.nio hides in an exception's class or text.
final class JavaErrors {
    /// strerror(3) of glibc and musl in the C locale, which the JDK asks in.
    private static final Map<String, Errno> BY_TEXT =
            Map.ofEntries(
                    Map.entry("Operation not permitted", Errno.EPERM),
                    Map.entry("Device or resource busy", Errno.EBUSY),
                    Map.entry("Resource busy", Errno.EBUSY),
                    Map.entry("Invalid cross-device link", Errno.EXDEV),
                    Map.entry("Cross-device link", Errno.EXDEV),
                    Map.entry("Not a directory", Errno.ENOTDIR),
                    Map.entry("Is a directory", Errno.EISDIR),
                    Map.entry("Invalid argument", Errno.EINVAL),
                    Map.entry("Too many open files", Errno.EMFILE),
                    Map.entry("No file descriptors available", Errno.EMFILE),
                    Map.entry("No space left on device", Errno.ENOSPC),
                    Map.entry("Read-only file system", Errno.EROFS),
                    Map.entry("Too many links", Errno.EMLINK),
                    Map.entry("File name too long", Errno.ENAMETOOLONG),
                    Map.entry("Filename too long", Errno.ENAMETOOLONG),
                    Map.entry("Directory not empty", Errno.ENOTEMPTY),
                    Map.entry("Too many levels of symbolic links", Errno.ELOOP),
                    Map.entry("Symbolic link loop", Errno.ELOOP),
                    Map.entry("Operation not supported", Errno.EOPNOTSUPP),
                    Map.entry("Not supported", Errno.EOPNOTSUPP),
                    Map.entry("Disk quota exceeded", Errno.EDQUOT),
                    Map.entry("Quota exceeded", Errno.EDQUOT));

    private JavaErrors() {}

    static SystemCallException translate(IOException e) {
        return switch (e) {
            case SystemCallException already -> already;
            case NoSuchFileException _ -> new SystemCallException(Errno.ENOENT, e);
            case FileAlreadyExistsException _ -> new SystemCallException(Errno.EEXIST, e);
            case AccessDeniedException _ -> new SystemCallException(Errno.EACCES, e);
            case DirectoryNotEmptyException _ -> new SystemCallException(Errno.ENOTEMPTY, e);
            case NotDirectoryException _ -> new SystemCallException(Errno.ENOTDIR, e);
            case FileSystemLoopException _ -> new SystemCallException(Errno.ELOOP, e);
            default -> byText(e);
        };
    }

    private static SystemCallException byText(IOException e) {
        String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        for (Map.Entry<String, Errno> known : BY_TEXT.entrySet()) {
            if (text != null && text.contains(known.getKey())) {
                return new SystemCallException(known.getValue(), e);
            }
        }
        return new SystemCallException(Errno.EIO, e);
    }
}
