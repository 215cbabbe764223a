package dev.undocker.linux;

/// A pipe of this process.
public final class Pipe {
    /// `F_SETPIPE_SZ` of `include/uapi/linux/fcntl.h`.
    private static final int SET_SIZE = 1031;

    /// What `/proc/sys/fs/pipe-max-size` usually lets everybody have; pipes begin with 64 KiB.
    private static final int WIDE = 1 << 20;

    private Pipe() {}

    /// Lets a pipe hold a megabyte, so that its ends wait for each other less often. Does nothing
    /// where the descriptor is no pipe or the system does not allow it: `F_SETPIPE_SZ` in fcntl(2).
    public static void widen(int descriptor) {
        SyscallNumbers numbers = SyscallNumbers.of(System.getProperty("os.arch"));
        if (numbers == null || !LinuxCalls.available()) {
            return;
        }
        try {
            Syscall.ofThread().call(numbers.fcntl(), descriptor, SET_SIZE, WIDE);
        } catch (SystemCallException asItIs) {
            // only slower
        }
    }
}
