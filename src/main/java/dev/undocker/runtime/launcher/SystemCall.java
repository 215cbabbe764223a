package dev.undocker.runtime.launcher;

/// The system calls that a launcher makes. Their numbers differ by architecture (syscalls(2)); on
/// 32 bits those with 32-bit ids are meant.
enum SystemCall {
    CHDIR,
    SETGROUPS,
    SETGID,
    SETUID,
    EXECVE,
    EXIT
}
