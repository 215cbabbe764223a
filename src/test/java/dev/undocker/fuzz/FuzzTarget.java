package dev.undocker.fuzz;

import dev.undocker.UndockerException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// One reader of untrusted bytes, for a fuzzer and for the tests that run what it has found again.
///
/// @param name that of its corpus
/// @param seeds well-formed inputs to begin with
public record FuzzTarget(String name, List<byte[]> seeds, Reader reader) {
    /// Refuses with an [UndockerException] or an [IOException]. Whatever else it throws is a fault,
    /// and so is an answer after many seconds.
    @FunctionalInterface
    public interface Reader {
        void read(byte[] input) throws IOException;
    }

    private static final Path CORPUS = Path.of("src/test/resources/dev/undocker/fuzz");

    /// The seeds, and what a fuzzer has found: a line of Base64 each in `NAME.txt`.
    public List<byte[]> inputs() throws IOException {
        List<byte[]> inputs = new ArrayList<>(seeds);
        Path found = CORPUS.resolve(name + ".txt");
        if (Files.exists(found)) {
            for (String line : Files.readAllLines(found)) {
                inputs.add(Base64.getDecoder().decode(line));
            }
        }
        return inputs;
    }

    /// Reads, and takes a refusal as it should be taken.
    public void read(byte[] input) {
        try {
            reader.read(input);
        } catch (UndockerException | IOException e) {
            // refused
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
