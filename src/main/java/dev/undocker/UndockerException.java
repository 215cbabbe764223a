package dev.undocker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// A failure that the user reads: one sentence of the form `what: why`, without the program's name,
/// without a capital and without a final period, and where the user can act, a hint.
///
/// Text that comes from an image is made printable by the command line before it is shown, so
/// callers put names in as they are.
public class UndockerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String hint;
    private final boolean usage;

    public UndockerException(String sentence) {
        this(sentence, null, null);
    }

    public UndockerException(String sentence, @Nullable Throwable cause) {
        this(sentence, null, cause);
    }

    public UndockerException(String sentence, @Nullable String hint, @Nullable Throwable cause) {
        this(sentence, hint, cause, false);
    }

    private UndockerException(
            String sentence, @Nullable String hint, @Nullable Throwable cause, boolean usage) {
        super(sentence, cause);
        this.hint = hint;
        this.usage = usage;
    }

    /// A mistake in the command line, which no image and no machine could make right.
    public static UndockerException usage(String sentence) {
        return new UndockerException(sentence, null, null, true);
    }

    /// A failure of the operating system: `what` and its reason in words, without a repeated path.
    public static UndockerException because(String what, IOException cause) {
        String reason =
                switch (cause) {
                    case NoSuchFileException missing -> "no such file or directory";
                    case AccessDeniedException denied -> "permission denied";
                    case FileAlreadyExistsException exists -> "exists already";
                    case DirectoryNotEmptyException full -> "is not empty";
                    case NotDirectoryException file -> "not a directory";
                    case FileSystemException other when other.getReason() != null ->
                            other.getReason();
                    default ->
                            cause.getMessage() == null
                                    ? cause.getClass().getSimpleName()
                                    : cause.getMessage();
                };
        return new UndockerException(what + ": " + reason, cause);
    }

    /// The same failure with a sentence about what the user can do.
    public UndockerException withHint(String text) {
        return new UndockerException(sentence(), text, this, usage);
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }

    public @Nullable String hint() {
        return hint;
    }

    /// True when the command line is wrong.
    public boolean isUsage() {
        return usage;
    }
}
