package dev.undocker.content;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

/// Bytes of an image do not arrive: the failure of a server or of the way to it, and no word about
/// the bytes that were to come.
public final class TransferException extends UndockerException {
    private static final long serialVersionUID = 1L;

    public TransferException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }

    private TransferException(String sentence, String hint, Throwable cause) {
        super(sentence, hint, cause);
    }

    @Override
    public TransferException withHint(String text) {
        return new TransferException(sentence(), text, this);
    }
}
