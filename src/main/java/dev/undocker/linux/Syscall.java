package dev.undocker.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The one way into the kernel: a [Downcall] with scratch memory for what its arguments point to.
/// Used by one thread.
final class Syscall {
    private static final ThreadLocal<Syscall> OF_THREAD = ThreadLocal.withInitial(Syscall::new);

    /// Two paths, or an attribute's name and value, and a structure.
    private static final int STRUCTURE = 64;

    private static final int TEXT = 4096 + 8;

    private final Downcall downcall = new Downcall();
    private final MemorySegment structure;
    private final MemorySegment first;
    private final MemorySegment second;

    private Syscall() {
        MemorySegment memory = Arena.ofAuto().allocate(STRUCTURE + 2L * TEXT, 16);
        structure = memory.asSlice(0, STRUCTURE);
        first = memory.asSlice(STRUCTURE, TEXT);
        second = memory.asSlice(STRUCTURE + TEXT, TEXT);
    }

    /// This thread's scratch memory with the call.
    static Syscall ofThread() {
        return OF_THREAD.get();
    }

    /// Memory for one structure of at most 64 bytes.
    MemorySegment structure() {
        return structure;
    }

    /// Copies a path into scratch memory, with a final NUL.
    ///
    /// @return its address, valid until the next call of this method
    long first(byte[] text) throws SystemCallException {
        return put(first, text);
    }

    /// The same, independent of [#first(byte\[\])].
    long second(byte[] text) throws SystemCallException {
        return put(second, text);
    }

    private static long put(MemorySegment target, byte[] text) throws SystemCallException {
        if (text.length > 4095) {
            throw new SystemCallException(Errno.ENAMETOOLONG);
        }
        MemorySegment.copy(text, 0, target, ValueLayout.JAVA_BYTE, 0, text.length);
        target.set(ValueLayout.JAVA_BYTE, text.length, (byte) 0);
        return target.address();
    }

    long call(int number, long a, long b) throws SystemCallException {
        return call(number, a, b, 0, 0, 0);
    }

    long call(int number, long a, long b, long c) throws SystemCallException {
        return call(number, a, b, c, 0, 0);
    }

    long call(int number, long a, long b, long c, long d) throws SystemCallException {
        return call(number, a, b, c, d, 0);
    }

    long call(int number, long a, long b, long c, long d, long e) throws SystemCallException {
        return downcall.call(number, a, b, c, d, e);
    }
}
