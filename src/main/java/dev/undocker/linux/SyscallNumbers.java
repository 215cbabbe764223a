package dev.undocker.linux;

import org.jspecify.annotations.Nullable;

/// The system calls used, by their numbers: `arch/x86/entry/syscalls/syscall_64.tbl` and
/// `include/uapi/asm-generic/unistd.h` of Linux; and the two flags whose values differ.
record SyscallNumbers(
        int close,
        int fchmod,
        int fchmodat,
        int fchown,
        int fchownat,
        int fcntl,
        int fgetxattr,
        int flistxattr,
        int flock,
        int fremovexattr,
        int fsetxattr,
        int fsync,
        int ftruncate,
        int getdents64,
        int ioctl,
        int linkat,
        int lseek,
        int lsetxattr,
        int mkdirat,
        int mknodat,
        int openat,
        int openat2,
        int pwrite64,
        int readlinkat,
        int renameat2,
        int rtSigaction,
        int statx,
        int symlinkat,
        int syncfs,
        int unlinkat,
        int utimensat,
        int directoryFlag,
        int noFollowFlag) {

    private static final SyscallNumbers X86_64 =
            new SyscallNumbers(
                    3, 91, 268, 93, 260, 72, 193, 196, 73, 199, 190, 74, 77, 217, 16, 265, 8, 189,
                    258, 259, 257, 437, 18, 267, 316, 13, 332, 266, 306, 263, 280, 0200000,
                    0400000);

    private static SyscallNumbers generic(int directoryFlag, int noFollowFlag) {
        return new SyscallNumbers(
                57,
                52,
                53,
                55,
                54,
                25,
                10,
                13,
                32,
                16,
                7,
                82,
                46,
                61,
                29,
                37,
                62,
                6,
                34,
                33,
                56,
                437,
                68,
                78,
                276,
                134,
                291,
                36,
                267,
                35,
                88,
                directoryFlag,
                noFollowFlag);
    }

    /// Null for an architecture (system property `os.arch`) that is not known here.
    static @Nullable SyscallNumbers of(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> generic(040000, 0100000);
            case "riscv64", "loongarch64" -> generic(0200000, 0400000);
            default -> null;
        };
    }
}
