package dev.undocker.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// A static program for Linux on amd64 that prints its arguments, one a line, and exits with 0.
///
/// It needs no file but itself, so an image that holds nothing else can run it.
final class HelloProgram {
    private static final long ADDRESS = 0x400000;
    private static final int HEADERS = 64 + 56;

    /// The instructions; the end of each argument is overwritten by the line feed that is printed.
    private static final byte[] CODE =
            HexFormat.of()
                    .parseHex(
                            String.join(
                                    "",
                                    "488d5c2410", // lea rbx, [rsp+16]        argv + 1
                                    "488b33", //     next: mov rsi, [rbx]
                                    "4885f6", //     test rsi, rsi
                                    "7421", //       jz exit
                                    "31d2", //       xor edx, edx
                                    "803c1600", //   length: cmp byte [rsi+rdx], 0
                                    "7404", //       je print
                                    "ffc2", //       inc edx
                                    "ebf6", //       jmp length
                                    "c604160a", //   print: mov byte [rsi+rdx], 10
                                    "ffc2", //       inc edx
                                    "bf01000000", // mov edi, 1               standard output
                                    "89f8", //       mov eax, edi             write
                                    "0f05", //       syscall
                                    "4883c308", //   add rbx, 8
                                    "ebd7", //       jmp next
                                    "31ff", //       exit: xor edi, edi
                                    "b83c000000", // mov eax, 60              exit
                                    "0f05")); //     syscall

    private HelloProgram() {}

    /// An ELF file with one segment, read and execute (see elf(5)).
    static byte[] bytes() {
        int size = HEADERS + CODE.length;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        elf.putShort((short) 2).putShort((short) 62).putInt(1); // executable, amd64, version
        elf.putLong(ADDRESS + HEADERS).putLong(64).putLong(0); // entry, program headers, sections
        elf.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 1);
        elf.position(64);
        elf.putInt(1).putInt(5).putLong(0); // load, read and execute, from the file's start
        elf.putLong(ADDRESS).putLong(ADDRESS).putLong(size).putLong(size).putLong(0x1000);
        return elf.put(CODE).array();
    }
}
