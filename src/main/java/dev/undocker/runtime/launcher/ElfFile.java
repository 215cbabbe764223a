package dev.undocker.runtime.launcher;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// A static executable in the making: one segment, readable and executable, that holds headers,
/// data and code in this order (elf(5)). Every address is known as soon as a piece is put.
final class ElfFile {
    private static final int EXECUTABLE = 2; // ET_EXEC
    private static final int LOAD = 1; // PT_LOAD
    private static final int STACK = 0x6474_e551; // PT_GNU_STACK
    private static final int READ_EXECUTE = 5; // PF_R | PF_X
    private static final int READ_WRITE = 6; // PF_R | PF_W
    private static final int PAGE = 0x1_0000;
    private static final int PROGRAM_HEADERS = 2;

    /// What a table has for each text.
    static final int ENTRY = 16;

    private static final int INSTRUCTION_ALIGNMENT = 16;

    private final InstructionSet set;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    ElfFile(InstructionSet set) {
        this.set = set;
    }

    private boolean wide() {
        return set.pointerSize() == Long.BYTES;
    }

    private int fileHeaderSize() {
        return wide() ? 64 : 52;
    }

    private int programHeaderSize() {
        return wide() ? 56 : 32;
    }

    private int headersSize() {
        return fileHeaderSize() + PROGRAM_HEADERS * programHeaderSize();
    }

    private long end() {
        return set.base() + headersSize() + body.size();
    }

    /// Puts a string with its final NUL; gives its address.
    long string(String text) {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The same for bytes.
    long string(byte[] text) {
        long address = end();
        body.writeBytes(text);
        body.write(0);
        return address;
    }

    /// Puts texts of at most [#ENTRY] bytes, which NULs fill up; gives the first one's address.
    long table(List<String> texts) {
        long address = end();
        for (String text : texts) {
            body.writeBytes(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), ENTRY));
        }
        return address;
    }

    /// Puts bytes where a number of any size may stand; gives their address.
    long aligned(byte[] bytes) {
        align(Long.BYTES);
        long address = end();
        body.writeBytes(bytes);
        return address;
    }

    /// Puts an array of pointers to these strings, which a null ends; gives its address.
    long strings(List<String> texts) {
        List<Long> addresses = texts.stream().map(this::string).toList();
        align(set.pointerSize());
        long address = end();
        ByteBuffer pointers = buffer((texts.size() + 1) * set.pointerSize());
        addresses.forEach(pointer -> putPointer(pointers, pointer));
        body.writeBytes(pointers.array());
        return address;
    }

    /// Puts an array of 32-bit numbers; gives its address.
    long ids(Collection<Long> ids) {
        align(Integer.BYTES);
        long address = end();
        ByteBuffer numbers = buffer(ids.size() * Integer.BYTES);
        ids.forEach(id -> numbers.putInt(id.intValue()));
        body.writeBytes(numbers.array());
        return address;
    }

    private void align(int alignment) {
        while (end() % alignment != 0) {
            body.write(0);
        }
    }

    private ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(set.order());
    }

    private void putPointer(ByteBuffer target, long value) {
        if (wide()) {
            target.putLong(value);
        } else {
            target.putInt((int) value);
        }
    }

    /// Puts the code, where execution begins, and gives the whole file.
    byte[] finish(byte[] code) {
        align(INSTRUCTION_ALIGNMENT);
        long entry = end();
        body.writeBytes(code);
        int size = headersSize() + body.size();
        ByteBuffer file = buffer(size);
        fileHeader(file, entry);
        programHeader(file, LOAD, READ_EXECUTE, set.base(), size, PAGE);
        // without it some kernels make the stack executable, also for the program that follows
        programHeader(file, STACK, READ_WRITE, 0, 0, INSTRUCTION_ALIGNMENT);
        file.put(body.toByteArray());
        return file.array();
    }

    private void fileHeader(ByteBuffer file, long entry) {
        boolean little = set.order() == java.nio.ByteOrder.LITTLE_ENDIAN;
        file.put(MachineCode.bytes(0x7f, 'E', 'L', 'F', wide() ? 2 : 1, little ? 1 : 2, 1, 0));
        file.putLong(0);
        file.putShort((short) EXECUTABLE);
        file.putShort((short) set.machine());
        file.putInt(1); // version
        putPointer(file, entry);
        putPointer(file, fileHeaderSize()); // program headers follow
        putPointer(file, 0); // no section headers
        file.putInt(set.flags());
        file.putShort((short) fileHeaderSize());
        file.putShort((short) programHeaderSize());
        file.putShort((short) PROGRAM_HEADERS);
        file.putShort((short) 0);
        file.putShort((short) 0);
        file.putShort((short) 0);
    }

    private void programHeader(
            ByteBuffer file, int type, int access, long address, long size, long alignment) {
        file.putInt(type);
        if (wide()) {
            file.putInt(access);
        }
        putPointer(file, 0); // offset
        putPointer(file, address); // virtual
        putPointer(file, address); // physical
        putPointer(file, size); // in the file
        putPointer(file, size); // in memory
        if (!wide()) {
            file.putInt(access);
        }
        putPointer(file, alignment);
    }
}
