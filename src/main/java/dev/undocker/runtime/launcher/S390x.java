package dev.undocker.runtime.launcher;

import static dev.undocker.runtime.launcher.MachineCode.bytes;
import static dev.undocker.runtime.launcher.MachineCode.concat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// 64-bit z/Architecture, big-endian: arguments in r2 to r6; number in the instruction or in r1;
/// result in r2, negative errno for failure.
record S390x() implements InstructionSet {
    private static final int FIRST_ARGUMENT = 2;

    @Override
    public int machine() {
        return 22;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public long base() {
        return 0x100_0000;
    }

    @Override
    public int pointerSize() {
        return 8;
    }

    @Override
    public ByteOrder order() {
        return ByteOrder.BIG_ENDIAN;
    }

    @Override
    public int number(SystemCall call) {
        return switch (call) {
            case MKDIRAT -> 289;
            case FCHOWNAT -> 291;
            case FCHMODAT -> 299;
            case CHDIR -> 12;
            case SETGROUPS -> 206;
            case SETGID -> 214;
            case SETUID -> 213;
            case EXECVE -> 11;
            case EXIT -> 1;
            case WRITE -> 4;
            case MOUNT -> 21;
            case SETHOSTNAME -> 74;
            case SOCKET -> 359;
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
        byte[] constant = ByteBuffer.allocate(Integer.BYTES).putInt((int) value).array();
        return concat(
                bytes(0xc0, (FIRST_ARGUMENT + index) << 4 | 0x0f), // llilf rR, value
                constant);
    }

    @Override
    public byte[] inheritedEnvironment() {
        return concat(
                bytes(0xe3, 0x40, 0xf0, 0x00, 0x00, 0x04), // lg r4, 0(r15)
                bytes(0xeb, 0x44, 0x00, 0x03, 0x00, 0x0d), // sllg r4, r4, 3
                bytes(0x41, 0x44, 0xf0, 0x10)); // la r4, 16(r4, r15)
    }

    @Override
    public byte[] stackAddress() {
        return bytes(0xb9, 0x04, 0x00, 0x3f); // lgr r3, r15
    }

    @Override
    public byte[] stackNumber(int offset) {
        return bytes(0xe3, 0x20, 0xf0, offset, 0x00, 0x16); // llgf r2, offset(r15)
    }

    @Override
    public byte[] entryAddress(long table, int offset) {
        return concat(
                bytes(0xe3, 0x30, 0xf0, offset, 0x00, 0x90), // llgc r3, offset(r15)
                bytes(0xeb, 0x33, 0x00, 0x04, 0x00, 0x0d), // sllg r3, r3, 4
                bytes(0xc2, 0x3a), // algfi r3, table
                ByteBuffer.allocate(Integer.BYTES).putInt((int) table).array());
    }

    @Override
    public byte[] repeat(byte[] code) {
        int halfwords = -code.length / 2;
        return concat(code, bytes(0xa7, 0xf4, halfwords >> 8, halfwords)); // j distance
    }

    @Override
    public byte[] systemCall(int number) {
        return number <= 0xff
                ? bytes(0x0a, number) // svc number
                : bytes(0xa7, 0x18, number >> 8, number, 0x0a, 0); // lhi r1, number; svc 0
    }

    /// The stack's place comes first here (clone(2)).
    @Override
    public byte[] fork(int signal) {
        return concat(argument(0, 0), argument(1, signal), systemCall(number(SystemCall.CLONE)));
    }

    @Override
    public byte[] skip(Outcome outcome, byte[] code) {
        int branchSize = 4;
        int halfwords = (code.length + branchSize) / 2;
        byte[] test =
                switch (outcome) {
                    case SUCCESS -> bytes(0xb9, 0x02, 0x00, 0x22, 0xa7, 0xb4); // ltgr r2, r2; jnl
                    case NOT_FOUND, EXISTS, ZERO ->
                            bytes(
                                    0xa7,
                                    0x2f,
                                    -outcome.errno() >> 8,
                                    -outcome.errno(),
                                    0xa7,
                                    0x84); // cghi r2, -errno; je
                };
        return concat(test, bytes(halfwords >> 8, halfwords), code);
    }
}
