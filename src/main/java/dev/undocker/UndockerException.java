package dev.undocker;

import org.jspecify.annotations.Nullable;

/// A failure that the user reads: one sentence of the form `what: why`, without the program's name,
/// without a capital and without a final period, and where the user can act, a hint.
///
/// Text that comes from an image is made printable by the command line before it is shown, so
/// callers put names in as they are.
public final class UndockerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String hint;

    public UndockerException(String sentence) {
        this(sentence, null, null);
    }

    public UndockerException(String sentence, @Nullable Throwable cause) {
        this(sentence, null, cause);
    }

    public UndockerException(String sentence, @Nullable String hint, @Nullable Throwable cause) {
        super(sentence, cause);
        this.hint = hint;
    }

    /// The same failure with a sentence about what the user can do.
    public UndockerException withHint(String text) {
        return new UndockerException(sentence(), text, this);
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }

    public @Nullable String hint() {
        return hint;
    }
}
