package dev.undocker.linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Takes from this process what its work does not need, for good: whoever found a way to make it do
/// something else would find little to do. What the kernel does not offer is left out.
///
/// Privileges and files are a matter of threads: those that exist already keep theirs (the virtual
/// machine's own, which never see an image), those that are started from here on have what this one
/// has. System calls are refused to all threads.
public final class Confinement {
    /// `include/uapi/linux/prctl.h`.
    private static final int SET_NO_NEW_PRIVS = 38;

    /// `include/uapi/linux/capability.h`.
    private static final int CAPABILITY_VERSION = 0x20080522;

    /// What makes any tree takes, by the numbers of capabilities(7): owners and modes of all files
    /// (0 to 4), other users' processes, which may be in the tree (19), attributes `trusted.*` and
    /// `security.*` (21, 31, 33), the reserved space of a file system (24), device nodes (27).
    private static final long KEPT = 0x1f | bits(19, 21, 24, 27, 31, 33);

    /// A thread that Landlock does not hold; null while no other one is held.
    private static volatile @Nullable ExecutorService outside;

    private Confinement() {}

    /// Does what a confined thread may not: Landlock shows it nothing of processes that are not
    /// confined as it is (landlock(7), "Ptrace restrictions"), and it makes no file but where
    /// outputs go.
    ///
    /// @param work depends on nothing that an image says
    public static <T> T unconfined(Supplier<T> work) {
        ExecutorService thread = outside;
        if (thread == null) {
            return work.get();
        }
        try {
            return CompletableFuture.supplyAsync(work, thread).join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    private static void leaveOneOutside() {
        ExecutorService thread =
                Executors.newSingleThreadExecutor(task -> {
                    Thread made = new Thread(task, "undocker-outside");
                    made.setDaemon(true);
                    return made;
                });
        // it is as free as the thread that starts it, so it starts now
        CompletableFuture.runAsync(() -> {}, thread).join();
        outside = thread;
    }

    /// What the rest of a run does.
    ///
    /// @param outputs files and trees that come to be: they get other names beside it on the way
    /// @param directories in which anything may be made; the nearest above that is there stands for
    ///   one that is not
    /// @param reads files of this machine, beside what is open already and what the process itself
    ///   consists of
    /// @param connections true when connections are made
    /// @param programs true when programs are started; they read and connect to what they like
    public record Needs(
            Collection<Path> outputs,
            Collection<Path> directories,
            Collection<Path> reads,
            boolean connections,
            boolean programs) {}

    /// Gives up the rest, on this thread.
    ///
    /// @return what is in force now, in words
    public static String enter(Needs needs) {
        return enter(needs, true);
    }

    /// Does the same as far as it can be undone, so that what it takes is loaded.
    public static void rehearse(Needs needs) {
        enter(needs, false);
    }

    private static String enter(Needs needs, boolean forGood) {
        CallNumbers numbers = CallNumbers.of(System.getProperty("os.arch"));
        if (numbers == null || !(FileSystemCalls.select() instanceof LinuxCalls)) {
            return "none: there are no system calls";
        }
        List<String> inForce = new ArrayList<>();
        try {
            if (forGood) {
                Syscall.ofThread().call(numbers.prctl(), SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            }
            inForce.add("no new privileges");
        } catch (SystemCallException refused) {
            // Landlock and seccomp want it first
            return "none: the kernel offers nothing";
        }
        leaveOneOutside();
        inForce.add(Landlock.restrict(needs, forGood));
        inForce.add(dropCapabilities(numbers, forGood));
        inForce.add(SeccompFilter.install(numbers, needs, forGood));
        return String.join(", ", inForce);
    }

    /// capset(2): two times 32 bits each of what is effective, permitted, inheritable.
    private static String dropCapabilities(CallNumbers numbers, boolean forGood) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(8, 4);
            MemorySegment sets = arena.allocate(24, 4);
            header.set(ValueLayout.JAVA_INT, 0, CAPABILITY_VERSION);
            Syscall call = Syscall.ofThread();
            call.call(numbers.capget(), header.address(), sets.address());
            for (int i = 0; i < 6; i++) {
                int kept = (int) (i < 3 ? KEPT : KEPT >>> 32);
                int now = sets.getAtIndex(ValueLayout.JAVA_INT, i);
                sets.setAtIndex(ValueLayout.JAVA_INT, i, now & kept);
            }
            if (forGood) {
                call.call(numbers.capset(), header.address(), sets.address());
            }
            return "capabilities dropped";
        } catch (SystemCallException refused) {
            return "capabilities as they were";
        }
    }

    private static long bits(int... numbers) {
        long set = 0;
        for (int number : numbers) {
            set |= 1L << number;
        }
        return set;
    }
}
