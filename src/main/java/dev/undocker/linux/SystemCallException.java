package dev.undocker.linux;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// A system call that failed. The message says why, not for which file: callers know its name.
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Errno errno;

    SystemCallException(int number) {
        super(sentence(number));
        errno = Errno.of(number);
    }

    public SystemCallException(Errno errno) {
        super(errno.sentence());
        this.errno = errno;
    }

    SystemCallException(Errno errno, Throwable cause) {
        super(errno.sentence(), cause);
        this.errno = errno;
    }

    /// The same failure with its error number, which java.nio hides.
    public static SystemCallException of(IOException e) {
        return JavaErrors.translate(e);
    }

    private static String sentence(int number) {
        Errno errno = Errno.of(number);
        return errno == null ? "system error " + number : errno.sentence();
    }

    /// True for each of these errors.
    public boolean is(Errno... candidates) {
        for (Errno candidate : candidates) {
            if (candidate == errno) {
                return true;
            }
        }
        return false;
    }
}
