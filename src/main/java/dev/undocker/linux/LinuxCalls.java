package dev.undocker.linux;

import java.io.IOException;
import java.nio.file.Path;

/// Linux system calls through java.lang.foreign.
public final class LinuxCalls implements FileSystemCalls {
    /// False where the system is not Linux, its call numbers are unknown, or libc cannot be linked.
    public static boolean available() {
        if (!areKnown()) {
            return false;
        }
        try {
            Syscall.ofThread();
            return true;
        } catch (LinkageError
                | UnsupportedOperationException
                | IllegalCallerException
                | java.util.NoSuchElementException notOffered) {
            return false;
        }
    }

    /// True on Linux on an architecture of which the call numbers are known.
    static boolean areKnown() {
        return "Linux".equals(System.getProperty("os.name"))
                && SyscallNumbers.of(System.getProperty("os.arch")) != null;
    }

    @Override
    public DirectoryHandle openDirectory(Path path) throws IOException {
        return LinuxDirectory.open(FileName.bytes(path.toAbsolutePath()));
    }
}
