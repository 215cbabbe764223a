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

/// `long syscall(long number, ...)` of libc with six arguments, numbers and addresses alike as
/// `long` (syscall(2)). One downcall shape for all calls, because each costs start-up time. Used by
/// one thread. In a native executable [NativeDowncall] stands in for this class.
final class Downcall {
    private static final String ERRNO = "errno";
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE =
            STATE.varHandle(MemoryLayout.PathElement.groupElement(ERRNO));
    private static final MethodHandle HANDLE = link();

    private final MemorySegment state = Arena.ofAuto().allocate(STATE);

    @SuppressWarnings("restricted") // the jar's manifest enables native access
    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState(ERRNO));
    }

    /// @throws SystemCallException with the kernel's error
    long call(long number, long a, long b, long c, long d, long e) throws SystemCallException {
        long result;
        try {
            result = (long) HANDLE.invokeExact(state, number, a, b, c, d, e, 0L);
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
