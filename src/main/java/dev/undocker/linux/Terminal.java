package dev.undocker.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/// Terminals of this process.
public final class Terminal {
    /// `include/uapi/asm-generic/ioctls.h`.
    private static final int TIOCGWINSZ = 0x5413;

    private static final int FILE_TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    /// `/dev/null`, by its major and minor number.
    private static final long NULL_DEVICE = 0x103;

    private Terminal() {}

    /// How many columns the terminal has that the descriptor leads to, 0 where it does not say (see
    /// ioctl_tty(2)); empty where there is no terminal, or there are no system calls to ask with
    /// ([FileSystemCalls#select()]).
    public static OptionalInt columns(int descriptor) {
        SyscallNumbers numbers = SyscallNumbers.of(System.getProperty("os.arch"));
        if (numbers == null
                || !mayBeTerminal(descriptor)
                || !(FileSystemCalls.select() instanceof LinuxCalls)) {
            return OptionalInt.empty();
        }
        Syscall call = Syscall.ofThread();
        // struct winsize: unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel
        MemorySegment size = call.structure();
        try {
            call.call(numbers.ioctl(), descriptor, TIOCGWINSZ, size.address());
        } catch (SystemCallException notOne) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 2)));
    }

    /// True unless it is known that the descriptor leads to no terminal: what a terminal must not
    /// get raw does not go there.
    public static boolean mayBe(int descriptor) {
        return mayBeTerminal(descriptor)
                && (!(FileSystemCalls.select() instanceof LinuxCalls)
                        || columns(descriptor).isPresent());
    }

    /// Spares those who have none a system call of ours, which takes long the first time.
    private static boolean mayBeTerminal(int descriptor) {
        if (descriptor < 0) {
            return false;
        }
        try {
            Map<String, Object> status =
                    Files.readAttributes(
                            Path.of("/proc/self/fd", Integer.toString(descriptor)),
                            "unix:mode,rdev");
            return status.get("mode") instanceof Integer mode
                    && (mode & FILE_TYPE) == CHARACTER_DEVICE
                    && !Long.valueOf(NULL_DEVICE).equals(status.get("rdev"));
        } catch (IOException | UnsupportedOperationException notTold) {
            return true;
        }
    }
}
