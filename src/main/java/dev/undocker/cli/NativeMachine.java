package dev.undocker.cli;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

import dev.undocker.UndockerException;

import org.graalvm.nativeimage.VMRuntime;

/// [Machine] of a native executable. Built with `-H:-ParseRuntimeOptions`, it takes no argument for
/// an option of its own, and leaves its start to the program, SIGPIPE's being ignored included.
@TargetClass(Machine.class)
@Substitute
final class NativeMachine {
    @Substitute
    static void start() {
        try {
            System.getProperty("user.dir");
        } catch (Error nameless) {
            throw new UndockerException(
                    "the current directory does not exist any more",
                    "change to another one",
                    nameless);
        }
        VMRuntime.initialize();
    }

    @Substitute
    static String moreMemory() {
        return "the Java program takes as much as JAVA_TOOL_OPTIONS=-Xmx allows";
    }
}
