package dev.undocker.layer;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

/// A layer's own bytes are wrong; where the machine fails, other exceptions say so.
final class MalformedLayerException extends UndockerException {
    private static final long serialVersionUID = 1L;

    MalformedLayerException(String sentence, @Nullable String hint, UndockerException cause) {
        super(sentence, hint, cause);
    }
}
