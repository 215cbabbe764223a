package dev.undocker.runtime.launcher;

/// The system calls that a launcher makes. Their numbers differ by architecture (syscalls(2)); on
/// 32 bits those with 32-bit ids are meant. Of the calls for directories all architectures have
/// those with a directory's descriptor alone.
enum SystemCall {
    MKDIRAT,
    FCHOWNAT,
    FCHMODAT,
    CHDIR,
    SETGROUPS,
    SETGID,
    SETUID,
    EXECVE,
    EXIT,
    WRITE,
    MOUNT,
    SETHOSTNAME,
    SOCKET,
    IOCTL,
    CLONE,
    WAIT4,
    RT_SIGACTION,
    RT_SIGPROCMASK,
    RT_SIGTIMEDWAIT,
    KILL,
    SYNC,
    REBOOT
}
