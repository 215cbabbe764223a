package dev.undocker.linux;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

/// [Downcall] of a native executable: the C function is called directly, since method handles are
/// interpreted there, which would take longer than most system calls.
@TargetClass(Downcall.class)
@Substitute
final class NativeDowncall {
    @Substitute
    NativeDowncall() {}

    @Substitute
    long call(long number, long a, long b, long c, long d, long e) throws SystemCallException {
        long result = Libc.syscall(number, a, b, c, d, e, 0);
        if (result == -1) {
            throw new SystemCallException(Libc.errnoLocation().read());
        }
        return result;
    }
}
