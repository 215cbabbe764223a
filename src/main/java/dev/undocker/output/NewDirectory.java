package dev.undocker.output;

import dev.undocker.UndockerException;
import dev.undocker.linux.FileSystemCalls;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory that is made for what is written into it, with the mode that the umask leaves. When
/// that is not committed it goes again, unless somebody has put something there meanwhile.
public final class NewDirectory implements Committable {
    private final Path path;
    private boolean committed;

    private NewDirectory(Path path) {
        this.path = path;
    }

    /// @throws UndockerException when it cannot be made
    public static NewDirectory make(Path path) {
        try {
            Files.createDirectory(path);
            return new NewDirectory(path);
        } catch (IOException e) {
            throw UndockerException.because(path.toString(), e);
        }
    }

    @Override
    public Committed commit() {
        committed = true;
        return () -> committed = false;
    }

    @Override
    public void sync() throws IOException {
        FileSystemCalls.syncDirectory(path.resolveSibling("."));
    }

    /// To be called when what was written into it is closed.
    @Override
    public void close() throws IOException {
        if (!committed) {
            try {
                Files.deleteIfExists(path);
            } catch (DirectoryNotEmptyException e) {
                // not ours alone
            }
        }
    }
}
