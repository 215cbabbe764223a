package dev.undocker.linux;

/// A pipe of this process.
public final class Pipe {
    /// `F_SETPIPE_SZ` and `F_GETPIPE_SZ` of `include/uapi/linux/fcntl.h`.
    private static final int SET_SIZE = 1031;

    private static final int GET_SIZE = 1032;

    /// What `/proc/sys/fs/pipe-max-size` usually lets everybody have; pipes begin with 64 KiB.
    private static final int WIDE = 1 << 20;

    private Pipe() {}

    /// Lets a pipe hold at least a megabyte, so that its ends wait for each other less often. Does
    /// nothing where the descriptor is no pipe, the system does not allow it (`F_SETPIPE_SZ` in
    /// fcntl(2)), or there are no system calls ([FileSystemCalls#select()]).
    public static void widen(int descriptor) {
        SyscallNumbers numbers = SyscallNumbers.of(System.getProperty("os.arch"));
        if (numbers == null || !(FileSystemCalls.select() instanceof LinuxCalls)) {
            return;
        }
        try {
            Syscall call = Syscall.ofThread();
            if (call.call(numbers.fcntl(), descriptor, GET_SIZE) < WIDE) {
                call.call(numbers.fcntl(), descriptor, SET_SIZE, WIDE);
            }
        } catch (SystemCallException asItIs) {
            // only slower
        }
    }
}
