package dev.undocker.linux;

import org.jspecify.annotations.Nullable;

/// The system calls of [Confinement], and those that it refuses, by their numbers: the same tables
/// as [SyscallNumbers].
///
/// @param audit the architecture's name for filters, `include/uapi/linux/audit.h`
/// @param refused never needed here
/// @param programs what starts programs
/// @param connections what begins connections
record CallNumbers(
        int audit,
        int prctl,
        int seccomp,
        int capget,
        int capset,
        int[] refused,
        int[] programs,
        int[] connections) {
    /// ptrace, mount, umount2, pivot_root, chroot, setns, unshare, init_module, finit_module,
    /// delete_module, kexec_load, kexec_file_load, bpf, perf_event_open, process_vm_readv,
    /// process_vm_writev, userfaultfd, keyctl, add_key, request_key, reboot, swapon, swapoff,
    /// open_by_handle_at, sethostname, setdomainname, acct, settimeofday, clock_settime, quotactl,
    /// setuid, setgid, setreuid, setregid, setresuid, setresgid, setgroups
    private static final int[] X86_64 = {
        101, 165, 166, 155, 161, 308, 272, 175, 313, 176, 246, 320, 321, 298, 310, 311, 323, 250,
        248, 249, 169, 167, 168, 304, 170, 171, 163, 164, 227, 179, 105, 106, 113, 114, 117, 119,
        116
    };

    private static final int[] GENERIC = {
        117, 40, 39, 41, 51, 268, 97, 105, 273, 106, 104, 294, 280, 241, 270, 271, 282, 219, 217,
        218, 142, 224, 225, 265, 161, 162, 89, 170, 112, 60, 146, 144, 145, 143, 147, 149, 159
    };

    /// The same everywhere: io_uring_setup, open_tree, move_mount, fsopen, fsconfig, fsmount,
    /// fspick, pidfd_getfd, mount_setattr.
    static final int[] NEWER = {425, 428, 429, 430, 431, 432, 433, 438, 442};

    static @Nullable CallNumbers of(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" ->
                    // execve, execveat; socket
                    new CallNumbers(
                            0xc000003e,
                            157,
                            317,
                            125,
                            126,
                            X86_64,
                            new int[] {59, 322},
                            new int[] {41});
            case "aarch64" -> generic(0xc00000b7);
            case "riscv64" -> generic(0xc00000f3);
            case "loongarch64" -> generic(0xc0000102);
            default -> null;
        };
    }

    private static CallNumbers generic(int audit) {
        return new CallNumbers(
                audit, 167, 277, 90, 91, GENERIC, new int[] {221, 281}, new int[] {198});
    }
}
