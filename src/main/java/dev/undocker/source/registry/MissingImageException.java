package dev.undocker.source.registry;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

/// A registry does not have the image, or does not say so to this user.
final class MissingImageException extends UndockerException {
    private static final long serialVersionUID = 1L;

    MissingImageException(String sentence, @Nullable String hint) {
        super(sentence, hint, null);
    }
}
