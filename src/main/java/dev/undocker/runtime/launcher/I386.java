package dev.undocker.runtime.launcher;

import static dev.undocker.runtime.launcher.MachineCode.bytes;
import static dev.undocker.runtime.launcher.MachineCode.concat;
import static dev.undocker.runtime.launcher.MachineCode.shortJump;
import static dev.undocker.runtime.launcher.MachineCode.words;

import java.nio.ByteOrder;

/// 32-bit x86: arguments in ebx, ecx, edx, esi, edi; number in eax; result in eax, negative errno
/// for failure.
record I386() implements InstructionSet {
    @Override
    public int machine() {
        return 3;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public long base() {
        return 0x0804_0000;
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
            case MKDIRAT -> 296;
            case FCHOWNAT -> 298;
            case FCHMODAT -> 306;
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
        int move =
                switch (index) {
                    case 0 -> 0xbb; // mov ebx, value
                    case 1 -> 0xb9; // mov ecx, value
                    case 2 -> 0xba; // mov edx, value
                    case 3 -> 0xbe; // mov esi, value
                    default -> 0xbf; // mov edi, value
                };
        return concat(bytes(move), words((int) value));
    }

    @Override
    public byte[] inheritedEnvironment() {
        return concat(
                bytes(0x8b, 0x14, 0x24), // mov edx, [esp]
                bytes(0x8d, 0x54, 0x94, 0x08)); // lea edx, [esp + 4*edx + 8]
    }

    @Override
    public byte[] stackAddress() {
        return bytes(0x89, 0xe1); // mov ecx, esp
    }

    @Override
    public byte[] stackNumber(int offset) {
        return bytes(0x8b, 0x5c, 0x24, offset); // mov ebx, [esp + offset]
    }

    @Override
    public byte[] entryAddress(long table, int offset) {
        return concat(
                bytes(0x0f, 0xb6, 0x4c, 0x24, offset), // movzx ecx, byte [esp + offset]
                bytes(0xc1, 0xe1, 0x04), // shl ecx, 4
                bytes(0x81, 0xc1), // add ecx, table
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
                bytes(0xcd, 0x80)); // int 0x80
    }

    @Override
    public byte[] skip(Outcome outcome, byte[] code) {
        if (outcome == Outcome.ZERO) {
            return concat(
                    bytes(0x85, 0xc0, 0x0f, 0x84), // test eax, eax; je, with a distance of 32 bits
                    words(code.length),
                    code);
        }
        byte[] test =
                switch (outcome) {
                    case SUCCESS -> bytes(0x85, 0xc0, 0x79); // test eax, eax; jns
                    case NOT_FOUND, EXISTS, ZERO ->
                            bytes(0x83, 0xf8, -outcome.errno(), 0x74); // cmp eax, -errno; je
                };
        return concat(test, bytes(shortJump(code)), code);
    }
}
