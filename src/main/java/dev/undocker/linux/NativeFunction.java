package dev.undocker.linux;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.function.InvokeCFunctionPointer;
import org.graalvm.word.WordFactory;

import java.lang.foreign.MemorySegment;

/// [SharedLibrary.Function] of a native executable: the C function is called directly, since method
/// handles are interpreted there, as in [NativeDowncall]. A garbage collection does not wait for
/// it.
@TargetClass(SharedLibrary.Function.class)
@Substitute
final class NativeFunction {
    private final Pointer function;

    interface Pointer extends CFunctionPointer {
        @InvokeCFunctionPointer
        long call(long a, long b, long c);
    }

    @Substitute
    NativeFunction(MemorySegment address) {
        function = WordFactory.pointer(address.address());
    }

    @Substitute
    public long call(long a, long b, long c) {
        return function.call(a, b, c);
    }
}
