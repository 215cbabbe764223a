package dev.undocker.linux;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// SIGQUIT, which a terminal sends for Ctrl-\. The Java runtime answers it with the stacks of all
/// threads, and lets no program handle it: the kernel's own answer is all that can be had instead.
public final class QuitSignal {
    private static final int SIGQUIT = 3;

    /// Of a set of signals, `_NSIG / 8`.
    private static final int SET_BYTES = 8;

    private QuitSignal() {}

    /// Lets the signal end the process at once, as it ends other programs, where there is a
    /// terminal that may send it: signal(7), `SIG_DFL`.
    public static void letEndTheProcess() {
        SyscallNumbers numbers = SyscallNumbers.of(System.getProperty("os.arch"));
        if (numbers == null
                || !hasTerminal()
                || !(FileSystemCalls.select() instanceof LinuxCalls)) {
            return;
        }
        Syscall call = Syscall.ofThread();
        // struct sigaction: SIG_DFL is 0, and so are no flags and an empty set
        MemorySegment action = call.structure().fill((byte) 0);
        try {
            call.call(numbers.rtSigaction(), SIGQUIT, action.address(), 0, SET_BYTES);
        } catch (SystemCallException refused) {
            // it stays as the runtime wants it
        }
    }

    /// Opening tty(4) spares those who have none a system call of ours, which takes long the first
    /// time.
    private static boolean hasTerminal() {
        try (InputStream terminal = Files.newInputStream(Path.of("/dev/tty"))) {
            return true;
        } catch (IOException none) {
            return false;
        }
    }
}
