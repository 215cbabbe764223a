package dev.undocker.runtime.launcher;

import static dev.undocker.runtime.launcher.MachineCode.concat;
import static dev.undocker.runtime.launcher.MachineCode.words;

import java.nio.ByteOrder;

/// 64-bit POWER, little-endian, ABI version 2: arguments in r3 to r7; number in r0; on failure the
/// summary overflow bit of cr0 is set and r3 is the positive errno.
record Ppc64le() implements InstructionSet {
    private static final int FIRST_ARGUMENT = 3;

    @Override
    public int machine() {
        return 21;
    }

    /// ELF ABI version 2.
    @Override
    public int flags() {
        return 2;
    }

    @Override
    public long base() {
        return 0x1000_0000;
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
            case MKDIRAT -> 287;
            case FCHOWNAT -> 289;
            case FCHMODAT -> 297;
            case CHDIR -> 12;
            case SETGROUPS -> 81;
            case SETGID -> 46;
            case SETUID -> 23;
            case EXECVE -> 11;
            case EXIT -> 1;
            case WRITE -> 4;
            case MOUNT -> 21;
            case SETHOSTNAME -> 74;
            case SOCKET -> 326;
            case IOCTL -> 54;
            case CLONE -> 120;
            case WAIT4 -> 114;
            case RT_SIGACTION -> 173;
            case RT_SIGPROCMASK -> 174;
            case RT_SIGTIMEDWAIT -> 176;
            case KILL -> 37;
            case SYNC -> 36;
            case REBOOT -> 88;
        };
    }

    /// The upper half is sign-extended, which ids of 32 bits survive: the kernel takes their lower
    /// half only.
    @Override
    public byte[] argument(int index, long value) {
        int register = FIRST_ARGUMENT + index;
        int high = (int) (value >>> 16) & 0xffff;
        int low = (int) value & 0xffff;
        return words(
                0x3c00_0000 | register << 21 | high, // lis rR, high
                0x6000_0000 | register << 21 | register << 16 | low); // ori rR, rR, low
    }

    @Override
    public byte[] inheritedEnvironment() {
        return words(
                0xe8a1_0000, // ld r5, 0(r1)
                0x78a5_1f24, // sldi r5, r5, 3
                0x7ca5_0a14, // add r5, r5, r1
                0x38a5_0010); // addi r5, r5, 16
    }

    @Override
    public byte[] stackAddress() {
        return words(0x7c24_0b78); // mr r4, r1
    }

    @Override
    public byte[] stackNumber(int offset) {
        return words(0x8061_0000 | offset); // lwz r3, offset(r1)
    }

    @Override
    public byte[] entryAddress(long table, int offset) {
        return concat(
                words(
                        0x8881_0000 | offset, // lbz r4, offset(r1)
                        0x7884_26e4), // sldi r4, r4, 4
                argument(2, table),
                words(0x7c84_2a14)); // add r4, r4, r5
    }

    @Override
    public byte[] repeat(byte[] code) {
        return concat(code, words(0x4800_0000 | -code.length & 0x03ff_fffc)); // b distance
    }

    @Override
    public byte[] systemCall(int number) {
        return words(
                0x3800_0000 | number, // li r0, number
                0x4400_0002); // sc
    }

    @Override
    public byte[] skip(Outcome outcome, byte[] code) {
        int distance = code.length + Integer.BYTES;
        byte[] branch =
                switch (outcome) {
                    case SUCCESS -> words(0x4083_0000 | distance); // bns cr0, distance
                    case NOT_FOUND, EXISTS, ZERO ->
                            words(
                                    0x2c83_0000 | outcome.errno(), // cmpwi cr1, r3, errno
                                    0x4186_0000 | distance); // beq cr1, distance
                };
        return concat(branch, code);
    }
}
