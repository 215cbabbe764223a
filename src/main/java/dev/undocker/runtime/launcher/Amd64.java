package dev.undocker.runtime.launcher;

import static dev.undocker.runtime.launcher.MachineCode.bytes;
import static dev.undocker.runtime.launcher.MachineCode.concat;
import static dev.undocker.runtime.launcher.MachineCode.shortJump;
import static dev.undocker.runtime.launcher.MachineCode.words;

import java.nio.ByteOrder;

/// x86-64: arguments in rdi, rsi, rdx, r10, r8; number in rax; result in rax, negative errno for
/// failure.
record Amd64() implements InstructionSet {
    @Override
    public int machine() {
        return 62;
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
            case MKDIRAT -> 258;
            case FCHOWNAT -> 260;
            case FCHMODAT -> 268;
            case CHDIR -> 80;
            case SETGROUPS -> 116;
            case SETGID -> 106;
            case SETUID -> 105;
            case EXECVE -> 59;
            case EXIT -> 60;
            case WRITE -> 1;
            case MOUNT -> 165;
            case SETHOSTNAME -> 170;
            case SOCKET -> 41;
            case IOCTL -> 16;
            case CLONE -> 56;
            case WAIT4 -> 61;
            case RT_SIGACTION -> 13;
            case RT_SIGPROCMASK -> 14;
            case RT_SIGTIMEDWAIT -> 128;
            case KILL -> 62;
            case SYNC -> 162;
            case REBOOT -> 169;
        };
    }

    @Override
    public byte[] argument(int index, long value) {
        byte[] move =
                switch (index) {
                    case 0 -> bytes(0xbf); // mov edi, value
                    case 1 -> bytes(0xbe); // mov esi, value
                    case 2 -> bytes(0xba); // mov edx, value
                    case 3 -> bytes(0x41, 0xba); // mov r10d, value
                    default -> bytes(0x41, 0xb8); // mov r8d, value
                };
        return concat(move, words((int) value));
    }

    @Override
    public byte[] inheritedEnvironment() {
        return concat(
                bytes(0x48, 0x8b, 0x14, 0x24), // mov rdx, [rsp]
                bytes(0x48, 0x8d, 0x54, 0xd4, 0x10)); // lea rdx, [rsp + 8*rdx + 16]
    }

    @Override
    public byte[] stackAddress() {
        return bytes(0x48, 0x89, 0xe6); // mov rsi, rsp
    }

    @Override
    public byte[] stackNumber(int offset) {
        return bytes(0x8b, 0x7c, 0x24, offset); // mov edi, [rsp + offset]
    }

    @Override
    public byte[] entryAddress(long table, int offset) {
        return concat(
                bytes(0x0f, 0xb6, 0x74, 0x24, offset), // movzx esi, byte [rsp + offset]
                bytes(0xc1, 0xe6, 0x04), // shl esi, 4
                bytes(0x81, 0xc6), // add esi, table
                words((int) table));
    }

    @Override
    public byte[] repeat(byte[] code) {
        byte[] jump = bytes(0xe9); // jmp, with a distance of 32 bits
        return concat(code, jump, words(-(code.length + jump.length + Integer.BYTES)));
    }

    @Override
    public byte[] systemCall(int number) {
        return concat(
                bytes(0xb8), // mov eax, number
                words(number),
                bytes(0x0f, 0x05)); // syscall
    }

    @Override
    public byte[] skip(Outcome outcome, byte[] code) {
        if (outcome == Outcome.ZERO) {
            return concat(
                    bytes(
                            0x48, 0x85, 0xc0, 0x0f,
                            0x84), // test rax, rax; je, with a distance of 32 bits
                    words(code.length),
                    code);
        }
        byte[] test =
                switch (outcome) {
                    case SUCCESS -> bytes(0x48, 0x85, 0xc0, 0x79); // test rax, rax; jns
                    case NOT_FOUND, EXISTS, ZERO ->
                            bytes(0x48, 0x83, 0xf8, -outcome.errno(), 0x74); // cmp rax, -errno; je
                };
        return concat(test, bytes(shortJump(code)), code);
    }
}
