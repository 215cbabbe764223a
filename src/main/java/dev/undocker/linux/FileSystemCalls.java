package dev.undocker.linux;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Access to directories by handle. Two implementations: Linux system calls, and a twin in pure
/// Java for where they are missing, which cannot make device nodes and FIFOs nor set attributes
/// outside `user.*` (these fail with `ENOSYS` or `EOPNOTSUPP`).
public interface FileSystemCalls {
    /// Opens a directory by its path on this machine; links in that path are followed, as the user
    /// typed it. Everything made through the handle needs it to be open.
    DirectoryHandle openDirectory(Path path) throws IOException;

    /// A component of a path on this machine as bytes, whatever the locale says about them.
    static byte[] name(Path path) {
        Path last = path.getFileName();
        return FileName.bytes(last == null ? path : last);
    }

    /// The other way round: a component or a path from its bytes, relative unless it begins with a
    /// slash.
    static Path path(byte[] name) {
        return FileName.path(name);
    }

    /// Brings the names in a directory to the disk, like [DirectoryHandle#sync()], without the time
    /// that the first system call takes.
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            JavaDirectory.force(opened);
        } catch (AccessDeniedException _) {
            // it may be written but not read: nobody but root could bring it to the disk
        }
    }

    /// The system calls where this machine offers them and the environment variable
    /// `UNDOCKER_SYSCALLS` is not `java`, else the twin.
    static FileSystemCalls select() {
        return "java".equals(System.getenv("UNDOCKER_SYSCALLS")) || !LinuxCalls.available()
                ? new JavaCalls()
                : new LinuxCalls();
    }

    /// True when system calls cost next to nothing any more: this run makes some anyway, or this is
    /// a native executable.
    static boolean arePrepared() {
        return Preparation.begun || NativeExecutable.isThis();
    }

    /// Begins in the background what the first call would otherwise wait for.
    static void prepare() {
        if (Preparation.begun) {
            return;
        }
        Preparation.begun = true;
        Thread.ofPlatform().daemon().name("undocker-system-calls").start(FileSystemCalls::select);
    }
}
