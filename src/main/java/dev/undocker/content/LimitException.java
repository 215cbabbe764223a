package dev.undocker.content;

import dev.undocker.UndockerException;

/// An image would turn into more than [Limits] allow. Nothing more of it is read.
public final class LimitException extends UndockerException {
    private static final long serialVersionUID = 1L;

    LimitException(String message, String option) {
        super(message, "if that is right, allow more with " + option, null);
    }
}
