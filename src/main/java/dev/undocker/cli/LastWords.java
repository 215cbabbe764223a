package dev.undocker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/// Hears of what no part of the program catches, in whichever thread: while the program starts, or
/// when there is no memory left for a failure to be told. The process ends with [ExitCode#FAILED],
/// and what it had begun is removed as after a signal.
final class LastWords implements Thread.UncaughtExceptionHandler {
    /// Made while there is memory for it.
    private final byte[] outOfMemory =
            "undocker: out of memory\nhint: %s\n".formatted(Machine.moreMemory()).getBytes(UTF_8);

    private final FileOutputStream error = new FileOutputStream(FileDescriptor.err);

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (outOfMemory(failure) != null) {
            say(outOfMemory);
        } else if (failure instanceof UndockerException known) {
            new Console(error, error, -1).failure(known, false);
        } else {
            new Console(error, error, -1).defect(failure, false);
        }
        System.exit(ExitCode.FAILED);
    }

    /// What says that memory lacked, however it was passed on; null when something else did.
    static @Nullable OutOfMemoryError outOfMemory(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof OutOfMemoryError full) {
                return full;
            }
        }
        return null;
    }

    private void say(byte[] words) {
        try {
            error.write(words);
        } catch (IOException e) {
            // nobody listens
        }
    }
}
