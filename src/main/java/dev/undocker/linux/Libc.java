package dev.undocker.linux;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CFunction.Transition;
import org.graalvm.nativeimage.c.type.CIntPointer;

/// C functions of a native executable, called without leaving the Java state: so nothing comes
/// between a call and its errno. A garbage collection waits meanwhile, which is no harm, as our
/// system calls concern files only.
final class Libc {
    private Libc() {}

    /// See syscall(2).
    @CFunction(transition = Transition.NO_TRANSITION)
    static native long syscall(long number, long a, long b, long c, long d, long e, long f);

    /// Where this thread's errno is: errno(3), "`__errno_location`" of the Linux Standard Base.
    @CFunction(value = "__errno_location", transition = Transition.NO_TRANSITION)
    static native CIntPointer errnoLocation();
}
