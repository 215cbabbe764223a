package dev.undocker.runtime.launcher;

import static dev.undocker.runtime.launcher.MachineCode.concat;
import static dev.undocker.runtime.launcher.MachineCode.words;

import java.nio.ByteOrder;

/// AArch64: arguments in x0 to x4; number in x8; result in x0, negative errno for failure.
/// Instructions are little-endian words.
record Arm64() implements InstructionSet {
    private static final int NUMBER_REGISTER = 8;

    @Override
    public int machine() {
        return 183;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public long base() {
        return 0x40_0000;
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
        return load(index, value);
    }

    private static byte[] load(int register, long value) {
        int low = (int) value & 0xffff;
        int high = (int) (value >>> 16) & 0xffff;
        return words(
                0xd280_0000 | low << 5 | register, // movz xR, #low
                0xf2a0_0000 | high << 5 | register); // movk xR, #high, lsl #16
    }

    @Override
    public byte[] inheritedEnvironment() {
        return words(
                0xf940_03e2, // ldr x2, [sp]
                0x8b22_6fe2, // add x2, sp, x2, lsl #3
                0x9100_4042); // add x2, x2, #16
    }

    @Override
    public byte[] stackAddress() {
        return words(0x9100_03e1); // add x1, sp, #0
    }

    @Override
    public byte[] stackNumber(int offset) {
        return words(0xb940_03e0 | offset / Integer.BYTES << 10); // ldr w0, [sp, #offset]
    }

    @Override
    public byte[] entryAddress(long table, int offset) {
        return concat(
                words(0x3940_03e1 | offset << 10), // ldrb w1, [sp, #offset]
                load(9, table),
                words(0x8b01_1121)); // add x1, x9, x1, lsl #4
    }

    @Override
    public byte[] repeat(byte[] code) {
        int distance = -code.length / Integer.BYTES;
        return concat(code, words(0x1400_0000 | distance & 0x03ff_ffff)); // b distance
    }

    @Override
    public byte[] systemCall(int number) {
        return concat(load(NUMBER_REGISTER, number), words(0xd400_0001)); // svc #0
    }

    @Override
    public byte[] skip(Outcome outcome, byte[] code) {
        int distance = code.length / Integer.BYTES + 1;
        byte[] branch =
                switch (outcome) {
                    case SUCCESS -> words(0xb6f8_0000 | distance << 5); // tbz x0, #63, distance
                    case NOT_FOUND, EXISTS, ZERO ->
                            words(
                                    0xb100_001f | outcome.errno() << 10, // cmn x0, #errno
                                    0x5400_0000 | distance << 5); // b.eq distance
                };
        return concat(branch, code);
    }
}
