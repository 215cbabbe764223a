package dev.undocker.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A descriptor of this process, and where in its file is written next: `/proc/PID/fdinfo`
/// (proc(5)). Opened by its name, the file begins anew, at its start and without `O_APPEND`.
///
/// @param writable whether it was opened for writing
/// @param appends whether everything goes to the end of the file
public record OpenDescriptor(int number, boolean writable, boolean appends, long position) {
    private static final Path OWN = Path.of("/proc/self");

    private static final int ACCESS_MODE = 3;
    private static final int O_APPEND = 02000;
    private static final int SEEK_SET = 0;

    /// The one that `path` names, such as `/dev/fd/3`, if it names one.
    public static Optional<OpenDescriptor> of(Path path) {
        Path parent = path.getParent();
        Path name = path.getFileName();
        try {
            if (parent == null
                    || name == null
                    || !name.toString().matches("[0-9]{1,9}")
                    || !parent.toRealPath().equals(OWN.resolve("fd").toRealPath())) {
                return Optional.empty();
            }
            int flags = 0;
            long position = 0;
            for (String line : Files.readAllLines(OWN.resolve("fdinfo").resolve(name))) {
                String[] words = line.split("\\s+");
                switch (words[0]) {
                    case "pos:" -> position = Long.parseLong(words[1]);
                    case "flags:" -> flags = Integer.parseInt(words[1], 8);
                    default -> {}
                }
            }
            return Optional.of(
                    new OpenDescriptor(
                            Integer.parseInt(name.toString()),
                            (flags & ACCESS_MODE) != 0,
                            (flags & O_APPEND) != 0,
                            position));
        } catch (IOException notOpen) {
            return Optional.empty();
        }
    }

    /// Has whoever shares the descriptor go on at `place`; lseek(2). Does nothing where there are
    /// no system calls ([FileSystemCalls#select()]).
    public void moveTo(long place) throws IOException {
        SyscallNumbers numbers = SyscallNumbers.of(System.getProperty("os.arch"));
        if (numbers != null && FileSystemCalls.select() instanceof LinuxCalls) {
            Syscall.ofThread().call(numbers.lseek(), number, place, SEEK_SET);
        }
    }
}
