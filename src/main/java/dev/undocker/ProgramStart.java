package dev.undocker;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/// Starts programs of this machine.
///
/// Where no more files can be opened Java is not to try: when it cannot make a pipe it closes
/// whatever descriptors the numbers on its stack stand for, such as standard input or an output
/// (`forkAndExec` in `ProcessImpl_md.c` of Java 25), and its helper ends without a word of why.
public final class ProgramStart {
    /// Java takes two for each of five pipes and one for each file that it redirects to, and its
    /// helper needs one or two for libraries.
    private static final int DESCRIPTORS = 16;

    private static final Path ALWAYS_THERE = Path.of("/dev/null");

    private ProgramStart() {}

    /// Starts it.
    ///
    /// @param what is started, for messages
    /// @throws IOException when there is no such program, or none that runs here
    /// @throws UndockerException when too few files can be opened
    public static Process of(String what, ProcessBuilder builder) throws IOException {
        requireDescriptors(what);
        return builder.start();
    }

    /// For whoever makes something first that has to go when the program cannot be started.
    ///
    /// @throws UndockerException when too few files can be opened
    public static void requireDescriptors(String what) throws IOException {
        Deque<Closeable> opened = new ArrayDeque<>();
        try {
            while (opened.size() < DESCRIPTORS) {
                opened.push(FileChannel.open(ALWAYS_THERE, StandardOpenOption.READ));
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            // that says nothing of how many
        } catch (IOException e) {
            throw UndockerException.because(what + ": cannot be started", e)
                    .withHint("allow more open files with: ulimit -n 4096");
        } finally {
            for (Closeable file : opened) {
                file.close();
            }
        }
    }
}
