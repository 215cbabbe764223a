package dev.undocker.linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A shared library of this machine, loaded for good. Thread-safe.
///
/// Its functions are linked as `long f(long, long, long)`, numbers and addresses alike. One
/// downcall shape for all, because each costs start-up time: what a function does not take stays in
/// a register that it does not read, in the calling conventions of all architectures that
/// [SyscallNumbers] knows.
public final class SharedLibrary {
    private final SymbolLookup symbols;

    private SharedLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /// Searches in the directories of this system's libraries, and nowhere else: given a bare name,
    /// the virtual machine looks at a file of that name in the current directory, whoever put it
    /// there, before dlopen(3) takes another one.
    ///
    /// @param soname with the number of its binary interface, such as `libz.so.1`
    /// @return null where it is not installed, or this system is not one of 64 bits that
    ///   [LinuxCalls] knows
    @SuppressWarnings("restricted") // the jar's manifest enables native access
    public static @Nullable SharedLibrary find(String soname) {
        if (!LinuxCalls.areKnown()) {
            return null;
        }
        for (String directory : directories()) {
            Path file = Path.of(directory, soname);
            if (Files.isRegularFile(file)) {
                try {
                    return new SharedLibrary(SymbolLookup.libraryLookup(file, Arena.global()));
                } catch (IllegalArgumentException | UnsupportedOperationException unusable) {
                    // of another architecture, or damaged
                }
            }
        }
        return null;
    }

    /// Debian's multiarch directory, and those of hier(7) and the Filesystem Hierarchy Standard.
    private static List<String> directories() {
        String architecture =
                switch (System.getProperty("os.arch")) {
                    case "amd64" -> "x86_64";
                    case "ppc64le" -> "powerpc64le";
                    case String other -> other;
                };
        return List.of("/usr/lib/" + architecture + "-linux-gnu", "/usr/lib64", "/usr/lib");
    }

    /// Null where the library has no such function.
    public @Nullable Function function(String name) {
        return symbols.find(name).map(Function::new).orElse(null);
    }

    /// A function of at most three arguments. Addresses must stay valid during the call, which may
    /// take long: nothing waits for it. In a native executable [NativeFunction] stands in for this
    /// class.
    public static final class Function {
        private static final FunctionDescriptor SHAPE =
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG);

        private final MethodHandle handle;

        @SuppressWarnings("restricted") // the jar's manifest enables native access
        Function(MemorySegment address) {
            handle = Linker.nativeLinker().downcallHandle(address, SHAPE);
        }

        /// @return what the function does; only as many of the lower bits as its type has mean
        ///   anything
        public long call(long a, long b, long c) {
            try {
                return (long) handle.invokeExact(a, b, c);
            } catch (RuntimeException | Error unexpected) {
                throw unexpected;
            } catch (Throwable unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }
    }
}
