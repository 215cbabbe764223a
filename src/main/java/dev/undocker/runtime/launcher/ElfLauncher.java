package dev.undocker.runtime.launcher;

import dev.undocker.rootfs.Metadata;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.HiddenDirectory;
import dev.undocker.runtime.ProcessUser;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes a static executable that does a [LauncherTask] with system calls and constants alone.
/// Like a shell it ends with 127 when there is no program, and with 126 for every other failure.
final class ElfLauncher {
    private static final int CANNOT = 126;
    private static final int NOT_FOUND = 127;

    /// The same on all architectures here (signal(7)).
    private static final int SIGCHLD = 17;

    private static final int SIG_BLOCK = 0; // sigprocmask(2)
    private static final int SIG_UNBLOCK = 1;

    private static final int FIRST_PROCESS = 1;

    /// Where a `siginfo_t` has `si_pid`, by the size of pointers (sigaction(2)).
    private static final int SENDER_32 = 12;

    private static final int SENDER_64 = 16;

    private static final int CONSOLE = 1;
    private static final long ANY_CHILD = 0xffff_ffffL; // -1

    /// For as long as a directory has not its owner yet.
    private static final int OWNER_ONLY = 0700;

    private final InstructionSet set;
    private final ElfFile file;
    private final MachineCode code = new MachineCode();

    private ElfLauncher(InstructionSet set) {
        this.set = set;
        this.file = new ElfFile(set);
    }

    /// @param machine null where a runtime has made the container ready
    static byte[] build(InstructionSet set, LauncherTask task, @Nullable MachineStart machine) {
        ElfLauncher launcher = new ElfLauncher(set);
        if (machine != null) {
            launcher.start(machine);
        }
        task.directories().forEach(launcher::make);
        launcher.check(SystemCall.CHDIR, launcher.file.string(task.workingDirectory()));
        launcher.become(task.user());
        launcher.execute(task);
        return launcher.file.finish(launcher.code.toBytes());
    }

    /// What is missing a kernel or an image does without, so nothing is checked here.
    private void start(MachineStart machine) {
        for (MachineStart.Mount mount : MachineStart.MOUNTS) {
            long point = file.string(mount.point());
            long type = file.string(mount.type());
            code.add(call(SystemCall.MKDIRAT, 0, point, 0755));
            code.add(
                    call(
                            SystemCall.MOUNT,
                            type,
                            point,
                            type,
                            mount.flags(),
                            file.string(mount.data())));
        }
        byte[] name = machine.hostname().getBytes(StandardCharsets.UTF_8);
        code.add(call(SystemCall.SETHOSTNAME, file.string(name), name.length));
        code.add(call(SystemCall.SOCKET, MachineStart.AF_INET, MachineStart.SOCK_DGRAM, 0));
        long loopback = file.string(MachineStart.loopbackUp(set.order()));
        for (int descriptor = 0; descriptor <= MachineStart.LAST_DESCRIPTOR; descriptor++) {
            code.add(call(SystemCall.IOCTL, descriptor, MachineStart.SIOCSIFFLAGS, loopback));
        }
        code.add(
                call(
                        SystemCall.REBOOT,
                        MachineStart.REBOOT_MAGIC1,
                        MachineStart.REBOOT_MAGIC2,
                        MachineStart.CAD_OFF,
                        0));
        List<Integer> signals = new ArrayList<>(MachineStart.REQUESTS);
        signals.add(MachineStart.READY);
        long all = signalSet(signals);
        code.add(call(SystemCall.RT_SIGPROCMASK, SIG_BLOCK, all, 0, Long.BYTES));
        fork(first(machine));
        fork(second());
        code.add(call(SystemCall.KILL, FIRST_PROCESS, MachineStart.READY));
        code.add(call(SystemCall.RT_SIGPROCMASK, SIG_UNBLOCK, all, 0, Long.BYTES));
    }

    /// Lets go of what others leave behind, and passes requests on to the program, whose process it
    /// knows by the signal that it sends when it is ready.
    private byte[] first(MachineStart machine) {
        byte[] ignored = new byte[64];
        ignored[isBig() ? set.pointerSize() - 1 : 0] = 1; // SIG_IGN
        return MachineCode.concat(
                call(SystemCall.RT_SIGACTION, SIGCHLD, file.aligned(ignored), 0, Long.BYTES),
                set.argument(0, signalSet(List.of(MachineStart.READY))),
                set.stackAddress(),
                set.argument(2, 0),
                set.argument(3, Long.BYTES),
                set.systemCall(set.number(SystemCall.RT_SIGTIMEDWAIT)),
                set.repeat(
                        MachineCode.concat(
                                call(
                                        SystemCall.RT_SIGTIMEDWAIT,
                                        signalSet(MachineStart.REQUESTS),
                                        0,
                                        0,
                                        Long.BYTES),
                                // a wait that was interrupted gives no signal
                                set.argument(1, machine.stopSignal()),
                                set.skip(Outcome.SUCCESS, set.argument(1, 0)),
                                set.stackNumber(
                                        set.pointerSize() == Long.BYTES ? SENDER_64 : SENDER_32),
                                set.systemCall(set.number(SystemCall.KILL)))));
    }

    /// Waits for the program.
    private byte[] second() {
        return MachineCode.concat(
                set.argument(0, ANY_CHILD),
                set.stackAddress(),
                set.argument(2, 0),
                set.argument(3, 0),
                set.systemCall(set.number(SystemCall.WAIT4)),
                say(MachineStart.ENDED),
                say(MachineStart.exitCodes(), isBig() ? 2 : 1),
                say(MachineStart.signals(), isBig() ? 3 : 0),
                call(SystemCall.SYNC),
                call(
                        SystemCall.REBOOT,
                        MachineStart.REBOOT_MAGIC1,
                        MachineStart.REBOOT_MAGIC2,
                        MachineStart.POWER_OFF,
                        0));
    }

    private boolean isBig() {
        return set.order() == ByteOrder.BIG_ENDIAN;
    }

    /// Puts a kernel's `sigset_t`; gives its address.
    private long signalSet(List<Integer> signals) {
        long bits = 0;
        for (int signal : signals) {
            bits |= 1L << (signal - 1);
        }
        return file.aligned(
                ByteBuffer.allocate(Long.BYTES).order(set.order()).putLong(bits).array());
    }

    private byte[] say(String text) {
        return call(
                SystemCall.WRITE,
                CONSOLE,
                file.string(text),
                text.getBytes(StandardCharsets.UTF_8).length);
    }

    /// Says one of these, which the byte that far above the stack pointer chooses.
    private byte[] say(List<String> texts, int offset) {
        return MachineCode.concat(
                set.argument(0, CONSOLE),
                set.entryAddress(file.table(texts), offset),
                set.argument(2, ElfFile.ENTRY),
                set.systemCall(set.number(SystemCall.WRITE)));
    }

    /// The new process goes on; the old one does this and ends.
    private void fork(byte[] old) {
        code.add(set.fork(SIGCHLD));
        code.add(set.skip(Outcome.ZERO, MachineCode.concat(old, exit(CANNOT))));
    }

    /// What stands there already is left alone: it is the runtime's, or the image's where nothing
    /// is mounted. The path is absolute, so the descriptors do not matter.
    private void make(HiddenDirectory directory) {
        long path = file.string(directory.absolutePath());
        Metadata metadata = directory.metadata();
        code.add(call(SystemCall.MKDIRAT, 0, path, OWNER_ONLY));
        code.add(
                set.skip(
                        Outcome.EXISTS,
                        MachineCode.concat(
                                orExit(),
                                call(
                                        SystemCall.FCHOWNAT,
                                        0,
                                        path,
                                        metadata.uid(),
                                        metadata.gid(),
                                        0),
                                orExit(),
                                call(SystemCall.FCHMODAT, 0, path, metadata.mode()),
                                orExit())));
    }

    private void become(ProcessUser user) {
        if (!user.isPlainRoot()) {
            check(SystemCall.SETGROUPS, user.groups().size(), file.ids(user.groups()));
            check(SystemCall.SETGID, user.gid());
            check(SystemCall.SETUID, user.uid());
        }
    }

    private void execute(LauncherTask task) {
        List<EnvironmentVariable> environment = task.environment();
        code.add(set.argument(0, file.string(task.program())));
        code.add(set.argument(1, file.strings(task.argv())));
        code.add(
                environment == null
                        ? set.inheritedEnvironment()
                        : set.argument(
                                2,
                                file.strings(
                                        environment.stream()
                                                .map(EnvironmentVariable::assignment)
                                                .toList())));
        code.add(set.systemCall(set.number(SystemCall.EXECVE)));
        code.add(set.skip(Outcome.NOT_FOUND, exit(CANNOT)));
        code.add(exit(NOT_FOUND));
    }

    private void check(SystemCall call, long... arguments) {
        code.add(call(call, arguments)).add(orExit());
    }

    private byte[] call(SystemCall call, long... arguments) {
        MachineCode made = new MachineCode();
        for (int i = 0; i < arguments.length; i++) {
            made.add(set.argument(i, arguments[i]));
        }
        return made.add(set.systemCall(set.number(call))).toBytes();
    }

    /// Ends the launcher when the last call failed.
    private byte[] orExit() {
        return set.skip(Outcome.SUCCESS, exit(CANNOT));
    }

    private byte[] exit(int status) {
        return call(SystemCall.EXIT, status);
    }
}
