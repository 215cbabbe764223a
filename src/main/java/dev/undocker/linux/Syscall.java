package dev.undocker.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The one way into the kernel: `long syscall(long number, ...)` of libc with six arguments,
/// numbers and addresses alike as `long` (syscall(2)). One downcall shape for all calls, because
/// each shape costs start-up time and needs its entry in the native executable's
/// `reachability-metadata.json`.
///
/// This class links the handle when it is first used; in a native executable it has to be
/// initialised at run time.
final class Syscall {
    /// The shape of the downcall, with its options: the single place that defines it.
    static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG);

    static final int FIRST_VARIADIC = 1;

    private static final String ERRNO = "errno";
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE =
            STATE.varHandle(MemoryLayout.PathElement.groupElement(ERRNO));
    private static final MethodHandle HANDLE = link();
    private static final ThreadLocal<Syscall> OF_THREAD = ThreadLocal.withInitial(Syscall::new);

    /// Two paths, or an attribute's name and value, and a structure.
    private static final int STRUCTURE = 64;

    private static final int TEXT = 4096 + 8;

    private final MemorySegment state;
    private final MemorySegment structure;
    private final MemorySegment first;
    private final MemorySegment second;

    private Syscall() {
        MemorySegment memory =
                Arena.ofAuto().allocate(STATE.byteSize() + 8 + STRUCTURE + 2L * TEXT, 16);
        structure = memory.asSlice(0, STRUCTURE);
        first = memory.asSlice(STRUCTURE, TEXT);
        second = memory.asSlice(STRUCTURE + TEXT, TEXT);
        state = memory.asSlice(STRUCTURE + 2L * TEXT, STATE.byteSize());
    }

    @SuppressWarnings("restricted") // the jar's manifest enables native access
    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                SHAPE,
                Linker.Option.firstVariadicArg(FIRST_VARIADIC),
                Linker.Option.captureCallState(ERRNO));
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
        long result;
        try {
            result = (long) HANDLE.invokeExact(state, (long) number, a, b, c, d, e, 0L);
        } catch (RuntimeException | Error unexpected) {
            throw unexpected;
        } catch (Throwable unexpected) {
            throw new IllegalStateException(unexpected);
        }
        if (result == -1) {
            throw new SystemCallException((int) ERRNO_VALUE.get(state, 0L));
        }
        return result;
    }
}
