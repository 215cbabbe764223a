package dev.undocker.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Refuses system calls to all threads of this process, with `EPERM`: seccomp(2). A classic BPF
/// program of 8 bytes an instruction (`struct sock_filter`: code, two jumps, a number).
final class SeccompFilter {
    private static final int SET_MODE_FILTER = 1;
    private static final int ALL_THREADS = 1;

    private static final int LOAD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_AT_LEAST = 0x35;
    private static final int RETURN = 0x06;

    private static final int ALLOW = 0x7fff0000;

    /// `SECCOMP_RET_ERRNO` with `EPERM`.
    private static final int REFUSE = 0x00050001;

    /// In `struct seccomp_data`.
    private static final int NUMBER = 0;

    private static final int ARCHITECTURE = 4;

    /// Numbers of the x32 kind of calls begin here; other architectures have none so large.
    private static final int X32 = 0x40000000;

    private static final int[] NONE = {};

    private final MemorySegment program;
    private int length;

    private SeccompFilter(MemorySegment program) {
        this.program = program;
    }

    /// Puts the filter in force.
    ///
    /// @param forGood false only makes it
    /// @return what is in force
    static String install(CallNumbers numbers, Confinement.Needs needs, boolean forGood) {
        int[] refused =
                Stream.of(
                                numbers.refused(),
                                CallNumbers.NEWER,
                                needs.programs() ? NONE : numbers.programs(),
                                needs.programs() || needs.connections()
                                        ? NONE
                                        : numbers.connections())
                        .flatMapToInt(IntStream::of)
                        .toArray();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(8L * (refused.length + 7), 8);
            SeccompFilter filter = new SeccompFilter(program);
            filter.write(numbers.audit(), refused);
            MemorySegment description = arena.allocate(16, 8);
            description.set(ValueLayout.JAVA_SHORT, 0, (short) filter.length);
            description.set(ValueLayout.JAVA_LONG, 8, program.address());
            if (!forGood) {
                return "";
            }
            long other =
                    Syscall.ofThread()
                            .call(
                                    numbers.seccomp(),
                                    SET_MODE_FILTER,
                                    ALL_THREADS,
                                    description.address());
            return other == 0
                    ? "system calls filtered" + left(needs)
                    : "all system calls (a thread has a filter of its own)";
        } catch (SystemCallException missing) {
            return "all system calls (no seccomp)";
        }
    }

    private static String left(Confinement.Needs needs) {
        if (needs.programs()) {
            return "";
        }
        return needs.connections() ? ", no programs" : ", no programs and no connections";
    }

    private void write(int architecture, int... refused) {
        add(LOAD, 0, 0, ARCHITECTURE);
        add(JUMP_IF_EQUAL, 1, 0, architecture);
        add(RETURN, 0, 0, REFUSE);
        add(LOAD, 0, 0, NUMBER);
        add(JUMP_IF_AT_LEAST, refused.length + 1, 0, X32);
        for (int i = 0; i < refused.length; i++) {
            add(JUMP_IF_EQUAL, refused.length - i, 0, refused[i]);
        }
        add(RETURN, 0, 0, ALLOW);
        add(RETURN, 0, 0, REFUSE);
    }

    private void add(int code, int ifTrue, int ifFalse, int number) {
        long at = 8L * length++;
        program.set(ValueLayout.JAVA_SHORT, at, (short) code);
        program.set(ValueLayout.JAVA_BYTE, at + 2, (byte) ifTrue);
        program.set(ValueLayout.JAVA_BYTE, at + 3, (byte) ifFalse);
        program.set(ValueLayout.JAVA_INT, at + 4, number);
    }
}
