package dev.undocker.linux;

import org.jspecify.annotations.Nullable;

/// The errors of system calls that callers tell apart or that deserve a sentence; numbers as on all
/// Linux architectures that [SyscallNumbers] knows (errno(3)).
public enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file or directory"),
    EIO(5, "input/output error"),
    E2BIG(7, "too large for this file system"),
    EAGAIN(11, "in use by another process"),
    EACCES(13, "permission denied"),
    EBUSY(16, "in use, for example as a mount point"),
    EEXIST(17, "exists already"),
    EXDEV(18, "on another file system"),
    ENOTDIR(20, "not a directory"),
    EISDIR(21, "is a directory"),
    EINVAL(22, "the kernel or the file system does not accept it"),
    EMFILE(24, "too many open files"),
    EFBIG(27, "file too large for this file system"),
    ENOSPC(28, "no space left on device"),
    EROFS(30, "read-only file system"),
    EMLINK(31, "too many links for this file system"),
    ERANGE(34, "too large for this file system"),
    ENAMETOOLONG(36, "name too long"),
    ENOSYS(38, "not offered by this system"),
    ENOTEMPTY(39, "directory not empty"),
    ELOOP(40, "a symbolic link stands in the way"),
    ENODATA(61, "no such attribute"),
    EOVERFLOW(75, "value too large"),
    EILSEQ(84, "the file system does not accept this name"),
    EOPNOTSUPP(95, "not supported by this file system"),
    EDQUOT(122, "disk quota exceeded");

    private final int number;
    private final String sentence;

    Errno(int number, String sentence) {
        this.number = number;
        this.sentence = sentence;
    }

    /// Null for a number that has no name here.
    static @Nullable Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return null;
    }

    public String sentence() {
        return sentence;
    }
}
