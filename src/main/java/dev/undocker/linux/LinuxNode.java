package dev.undocker.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A node known by its directory and name, because it cannot be opened: a symbolic link, FIFO or
/// device node. The directory's handle must stay open.
final class LinuxNode implements Node {
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;

    private final SyscallNumbers numbers;
    private final int directory;
    private final byte[] name;

    LinuxNode(SyscallNumbers numbers, int directory, byte[] name) {
        this.numbers = numbers;
        this.directory = directory;
        this.name = name;
    }

    @Override
    public void setOwner(int uid, int gid) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        call.call(
                numbers.fchownat(),
                directory,
                call.first(name),
                Integer.toUnsignedLong(uid),
                Integer.toUnsignedLong(gid),
                AT_SYMLINK_NOFOLLOW);
    }

    /// chmod(2) follows links and older kernels have no other way, so the mode is set through a
    /// descriptor of exactly this node.
    @Override
    public void setMode(int mode) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        long node =
                call.call(
                        numbers.openat(),
                        directory,
                        call.first(name),
                        LinuxDirectory.O_PATH | LinuxDirectory.O_CLOEXEC | numbers.noFollowFlag());
        try {
            call.call(numbers.fchmodat(), AT_FDCWD, call.first(descriptorPath(node)), mode);
        } finally {
            call.call(numbers.close(), node, 0);
        }
    }

    @Override
    public void setXattr(byte[] attribute, byte[] value) throws SystemCallException {
        byte[] parent = descriptorPath(directory);
        byte[] path = java.util.Arrays.copyOf(parent, parent.length + 1 + name.length);
        path[parent.length] = '/';
        System.arraycopy(name, 0, path, parent.length + 1, name.length);
        Syscall call = Syscall.ofThread();
        setXattr(call, numbers.lsetxattr(), call.first(path), attribute, value);
    }

    static void setXattr(Syscall call, int number, long node, byte[] attribute, byte[] value)
            throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
            call.call(number, node, call.second(attribute), copy.address(), value.length, 0);
        }
    }

    @Override
    public void setTimes(long seconds, int nanos) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        call.call(
                numbers.utimensat(),
                directory,
                call.first(name),
                times(call, seconds, nanos),
                AT_SYMLINK_NOFOLLOW);
    }

    /// Two `struct timespec`, access and modification.
    static long times(Syscall call, long seconds, int nanos) {
        MemorySegment times = call.structure();
        for (int at = 0; at < 4; at += 2) {
            times.setAtIndex(ValueLayout.JAVA_LONG, at, seconds);
            times.setAtIndex(ValueLayout.JAVA_LONG, at + 1, nanos);
        }
        return times.address();
    }

    private static byte[] descriptorPath(long descriptor) {
        return ("/proc/self/fd/" + descriptor).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {}
}
