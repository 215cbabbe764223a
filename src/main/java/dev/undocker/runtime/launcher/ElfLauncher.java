package dev.undocker.runtime.launcher;

import dev.undocker.rootfs.Metadata;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.HiddenDirectory;
import dev.undocker.runtime.ProcessUser;

import java.util.List;

/// Writes a static executable that does a [LauncherTask] with system calls and constants alone.
/// Like a shell it ends with 127 when there is no program, and with 126 for every other failure.
final class ElfLauncher {
    private static final int CANNOT = 126;
    private static final int NOT_FOUND = 127;

    /// For as long as a directory has not its owner yet.
    private static final int OWNER_ONLY = 0700;

    private final InstructionSet set;
    private final ElfFile file;
    private final MachineCode code = new MachineCode();

    private ElfLauncher(InstructionSet set) {
        this.set = set;
        this.file = new ElfFile(set);
    }

    static byte[] build(InstructionSet set, LauncherTask task) {
        ElfLauncher launcher = new ElfLauncher(set);
        task.directories().forEach(launcher::make);
        launcher.check(SystemCall.CHDIR, launcher.file.string(task.workingDirectory()));
        launcher.become(task.user());
        launcher.execute(task);
        return launcher.file.finish(launcher.code.toBytes());
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
