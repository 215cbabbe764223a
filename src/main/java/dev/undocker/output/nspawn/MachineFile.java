package dev.undocker.output.nspawn;

import dev.undocker.UndockerException;
import dev.undocker.output.FileDestination;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// A settings file that appears with its machine, and goes away again when the machine does not
/// come.
final class MachineFile implements Closeable {
    private final Path path;
    private final FileDestination destination;
    private final byte @Nullable [] earlier;
    private boolean committed;

    private MachineFile(Path path, FileDestination destination, byte @Nullable [] earlier) {
        this.path = path;
        this.destination = destination;
        this.earlier = earlier;
    }

    /// Writes the file under a temporary name.
    static MachineFile open(Path path, byte[] text) {
        FileDestination destination = FileDestination.open(path.toString());
        try {
            byte[] earlier = Files.isRegularFile(path) ? Files.readAllBytes(path) : null;
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                destination.channel().write(bytes);
            }
            return new MachineFile(path, destination, earlier);
        } catch (IOException e) {
            abandon(destination);
            throw UndockerException.because(path.toString(), e);
        }
    }

    private static void abandon(FileDestination destination) {
        try {
            destination.close();
        } catch (IOException e) {
            // what led here is worth more to the user
        }
    }

    /// Closes the file where something else has failed already.
    void abandon() {
        abandon(destination);
    }

    void commit() throws IOException {
        destination.commit();
        committed = true;
    }

    /// Puts back what stood there before the commit.
    void undo() throws IOException {
        if (!committed) {
            return;
        }
        committed = false;
        if (earlier != null) {
            Files.write(path, earlier);
        } else if (Files.isRegularFile(path)) {
            Files.delete(path);
        }
    }

    @Override
    public void close() throws IOException {
        destination.close();
    }
}
