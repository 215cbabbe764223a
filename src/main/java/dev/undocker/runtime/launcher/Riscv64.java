package dev.undocker.runtime.launcher;

import static dev.undocker.runtime.launcher.MachineCode.concat;
import static dev.undocker.runtime.launcher.MachineCode.words;

import java.nio.ByteOrder;

/// RV64I: arguments in a0 to a4 (x10 to x14); number in a7 (x17); result in a0, negative errno for
/// failure. Instructions are little-endian words.
record Riscv64() implements InstructionSet {
    private static final int FIRST_ARGUMENT = 10;
    private static final int NUMBER_REGISTER = 17;

    @Override
    public int machine() {
        return 243;
    }

    /// Compressed instructions may occur, floats in double registers: what all Linux systems use.
    @Override
    public int flags() {
        return 5;
    }

    @Override
    public long base() {
        return 0x1_0000;
    }

    @Override
    public int pointerSize() {
        return 8;
    }

    @Override
    public ByteOrder order() {
        return ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public int number(SystemCall call) {
        return switch (call) {
            case MKDIRAT -> 34;
            case FCHOWNAT -> 54;
            case FCHMODAT -> 53;
            case CHDIR -> 49;
            case SETGROUPS -> 159;
            case SETGID -> 144;
            case SETUID -> 146;
            case EXECVE -> 221;
            case EXIT -> 93;
            case WRITE -> 64;
            case MOUNT -> 40;
            case SETHOSTNAME -> 161;
            case SOCKET -> 198;
            case IOCTL -> 29;
            case CLONE -> 220;
            case WAIT4 -> 260;
            case RT_SIGACTION -> 134;
            case RT_SIGPROCMASK -> 135;
            case RT_SIGTIMEDWAIT -> 137;
            case KILL -> 129;
            case SYNC -> 81;
            case REBOOT -> 142;
        };
    }

    @Override
    public byte[] argument(int index, long value) {
        return load(FIRST_ARGUMENT + index, value);
    }

    /// The upper half is sign-extended, which ids of 32 bits survive: the kernel takes their lower
    /// half only.
    private static byte[] load(int register, long value) {
        int v = (int) value;
        int high = v + 0x800 & 0xffff_f000;
        int low = v - high;
        return words(
                high | register << 7 | 0x37, // lui R, high
                low << 20 | register << 15 | register << 7 | 0x1b); // addiw R, R, low
    }

    @Override
    public byte[] inheritedEnvironment() {
        return words(
                0x0001_3603, // ld a2, 0(sp)
                0x0036_1613, // slli a2, a2, 3
                0x0026_0633, // add a2, a2, sp
                0x0106_0613); // addi a2, a2, 16
    }

    @Override
    public byte[] stackAddress() {
        return words(0x0001_0593); // mv a1, sp
    }

    @Override
    public byte[] stackNumber(int offset) {
        return words(0x0001_2503 | offset << 20); // lw a0, offset(sp)
    }

    @Override
    public byte[] entryAddress(long table, int offset) {
        return concat(
                words(
                        0x0001_4583 | offset << 20, // lbu a1, offset(sp)
                        0x0045_9593), // slli a1, a1, 4
                load(5, table),
                words(0x0055_85b3)); // add a1, a1, t0
    }

    @Override
    public byte[] repeat(byte[] code) {
        return concat(code, words(branch(-code.length) | 0x0000_0063)); // beq zero, zero, distance
    }

    @Override
    public byte[] systemCall(int number) {
        return concat(load(NUMBER_REGISTER, number), words(0x0000_0073)); // ecall
    }

    @Override
    public byte[] skip(Outcome outcome, byte[] code) {
        int distance = code.length + Integer.BYTES;
        byte[] branch =
                switch (outcome) {
                    case SUCCESS -> words(branch(distance) | 0x0005_5063); // bge a0, zero, distance
                    case NOT_FOUND, EXISTS, ZERO ->
                            words(
                                    0x0005_0293 | outcome.errno() << 20, // addi t0, a0, errno
                                    branch(distance) | 0x0002_8063); // beq t0, zero, distance
                };
        return concat(branch, code);
    }

    /// A distance as conditional branches scatter it over the word.
    private static int branch(int distance) {
        return (distance >> 12 & 1) << 31
                | (distance >> 5 & 0x3f) << 25
                | (distance >> 1 & 0xf) << 8
                | (distance >> 11 & 1) << 7;
    }
}
