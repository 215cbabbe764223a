package dev.undocker.runtime.launcher;

import dev.undocker.image.Platform;

import java.nio.ByteOrder;
import java.util.Optional;

/// As much of an architecture's machine language as a launcher needs. Constants fit 32 bits, since
/// launchers lie low in memory. Between entry and the last call only argument, number and result
/// registers change, so the stack pointer still finds what the kernel put on the stack.
sealed interface InstructionSet permits Amd64, I386, Arm64, Arm, Riscv64, Ppc64le, S390x {
    /// The one for an image's platform, empty when we have none.
    static Optional<InstructionSet> of(Platform platform) {
        return switch (platform.architecture()) {
            case "amd64" -> Optional.of(new Amd64());
            case "386" -> Optional.of(new I386());
            case "arm64" -> Optional.of(new Arm64());
            case "arm" -> Optional.of(new Arm());
            case "riscv64" -> Optional.of(new Riscv64());
            case "ppc64le" -> Optional.of(new Ppc64le());
            case "s390x" -> Optional.of(new S390x());
            default -> Optional.empty();
        };
    }

    /// `e_machine` of the ELF header (elf(5)).
    int machine();

    /// `e_flags` of the ELF header: the ABI's version.
    int flags();

    /// Where the file is loaded: a multiple of 64 KiB, the largest page.
    long base();

    /// Bytes of a pointer, 4 or 8.
    int pointerSize();

    ByteOrder order();

    int number(SystemCall call);

    /// Puts a constant below 2³² into an argument register; `index` counts from 0 to 4.
    byte[] argument(int index, long value);

    /// Puts the address of the environment that the kernel handed over into the third argument
    /// register. The stack holds `argc`, the pointers of `argv`, a null, the pointers of `envp`.
    byte[] inheritedEnvironment();

    /// Puts the stack pointer into the second argument register, for the kernel to write there.
    byte[] stackAddress();

    /// Puts the number of 32 bits that stands `offset` bytes above the stack pointer into the first
    /// argument register. An offset is below 128 and a multiple of 4.
    byte[] stackNumber(int offset);

    /// Puts the address of an entry of a table into the second argument register: the byte that
    /// stands `offset` bytes above the stack pointer says which one. Entries have 16 bytes.
    byte[] entryAddress(long table, int offset);

    /// `code`, again and again.
    byte[] repeat(byte[] code);

    /// Makes the system call with this number.
    byte[] systemCall(int number);

    /// Makes a process like fork(2), which not every architecture has.
    ///
    /// @param signal that the new one's end gives
    default byte[] fork(int signal) {
        return MachineCode.concat(
                argument(0, signal), argument(1, 0), systemCall(number(SystemCall.CLONE)));
    }

    /// Jumps over `code` when the last system call ended like this; `code` stands at the end. It
    /// may be asked again how the call ended.
    byte[] skip(Outcome outcome, byte[] code);
}
