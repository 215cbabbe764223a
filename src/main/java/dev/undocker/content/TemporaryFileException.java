package dev.undocker.content;

import dev.undocker.UndockerException;

import java.io.IOException;

/// A temporary file of ours cannot be made or written: the machine's failure, and no word about the
/// image whose bytes were to go there.
public final class TemporaryFileException extends UndockerException {
    private static final long serialVersionUID = 1L;

    private static final String CHOOSE_ANOTHER =
            "choose another directory with --temp-dir or TMPDIR";

    TemporaryFileException(String sentence) {
        super(sentence, CHOOSE_ANOTHER, null);
    }

    TemporaryFileException(String what, IOException cause) {
        super(because(what, cause).sentence(), hint(cause), cause);
    }

    /// Another directory takes no more of them.
    private static String hint(IOException cause) {
        return String.valueOf(cause.getMessage()).contains("Too many open files")
                ? "allow more with: ulimit -n 4096"
                : CHOOSE_ANOTHER;
    }
}
