package dev.undocker.runtime.launcher;

import static dev.undocker.runtime.launcher.MachineCode.concat;
import static dev.undocker.runtime.launcher.MachineCode.words;

import java.nio.ByteOrder;

/// 32-bit ARM from version 5 on, EABI: arguments in r0 to r4; number in r7; result in r0, negative
/// errno for failure. Instructions are little-endian words.
record Arm() implements InstructionSet {
    private static final int NUMBER_REGISTER = 7;

    @Override
    public int machine() {
        return 40;
    }

    /// EABI version 5.
    @Override
    public int flags() {
        return 0x0500_0000;
    }

    @Override
    public long base() {
        return 0x1_0000;
    }

    @Override
    public int pointerSize() {
        return 4;
    }

    @Override
    public ByteOrder order() {
        return ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public int number(SystemCall call) {
        return switch (call) {
            case MKDIRAT -> 323;
            case FCHOWNAT -> 325;
            case FCHMODAT -> 333;
            case CHDIR -> 12;
            case SETGROUPS -> 206;
            case SETGID -> 214;
            case SETUID -> 213;
            case EXECVE -> 11;
            case EXIT -> 1;
            case WRITE -> 4;
            case MOUNT -> 21;
            case SETHOSTNAME -> 74;
            case SOCKET -> 281;
            case IOCTL -> 54;
            case CLONE -> 120;
            case WAIT4 -> 114;
            case RT_SIGACTION -> 174;
            case RT_SIGPROCMASK -> 175;
            case RT_SIGTIMEDWAIT -> 177;
            case KILL -> 37;
            case SYNC -> 36;
            case REBOOT -> 88;
        };
    }

    @Override
    public byte[] argument(int index, long value) {
        return load(index, value);
    }

    /// Byte by byte: version 5 has no movw and movt. An immediate is eight bits, rotated right by
    /// twice a four-bit number.
    private static byte[] load(int register, long value) {
        int v = (int) value;
        int target = register << 12;
        int both = register << 16 | target;
        return words(
                0xe3a0_0000 | target | (v & 0xff), // mov rR, #byte0
                0xe380_0c00 | both | (v >>> 8 & 0xff), // orr rR, rR, #byte1 << 8
                0xe380_0800 | both | (v >>> 16 & 0xff), // orr rR, rR, #byte2 << 16
                0xe380_0400 | both | (v >>> 24 & 0xff)); // orr rR, rR, #byte3 << 24
    }

    @Override
    public byte[] inheritedEnvironment() {
        return words(
                0xe59d_2000, // ldr r2, [sp]
                0xe08d_2102, // add r2, sp, r2, lsl #2
                0xe282_2008); // add r2, r2, #8
    }

    @Override
    public byte[] stackAddress() {
        return words(0xe1a0_100d); // mov r1, sp
    }

    @Override
    public byte[] stackNumber(int offset) {
        return words(0xe59d_0000 | offset); // ldr r0, [sp, #offset]
    }

    @Override
    public byte[] entryAddress(long table, int offset) {
        return concat(
                words(0xe5dd_1000 | offset), // ldrb r1, [sp, #offset]
                load(12, table),
                words(0xe08c_1201)); // add r1, r12, r1, lsl #4
    }

    @Override
    public byte[] repeat(byte[] code) {
        // the program counter reads as two instructions ahead
        int distance = -code.length / Integer.BYTES - 2;
        return concat(code, words(0xea00_0000 | distance & 0x00ff_ffff)); // b distance
    }

    @Override
    public byte[] systemCall(int number) {
        return concat(load(NUMBER_REGISTER, number), words(0xef00_0000)); // svc #0
    }

    @Override
    public byte[] skip(Outcome outcome, byte[] code) {
        // the program counter reads as two instructions ahead
        int distance = code.length / Integer.BYTES - 1;
        byte[] branch =
                switch (outcome) {
                    case SUCCESS ->
                            words(
                                    0xe350_0000, // cmp r0, #0
                                    0xaa00_0000 | distance); // bge distance
                    case NOT_FOUND, EXISTS, ZERO ->
                            words(
                                    0xe370_0000 | outcome.errno(), // cmn r0, #errno
                                    0x0a00_0000 | distance); // beq distance
                };
        return concat(branch, code);
    }
}
