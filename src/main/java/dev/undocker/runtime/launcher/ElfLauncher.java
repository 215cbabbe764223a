package dev.undocker.runtime.launcher;

import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.ProcessUser;

import java.util.List;

/// Writes a static executable that does a [LauncherTask] with system calls and constants alone.
/// Like a shell it ends with 127 when there is no program, and with 126 for every other failure.
final class ElfLauncher {
    private static final int CANNOT = 126;
    private static final int NOT_FOUND = 127;

    private final InstructionSet set;
    private final ElfFile file;
    private final MachineCode code = new MachineCode();

    private ElfLauncher(InstructionSet set) {
        this.set = set;
        this.file = new ElfFile(set);
    }

    static byte[] build(InstructionSet set, LauncherTask task) {
        ElfLauncher launcher = new ElfLauncher(set);
        launcher.check(SystemCall.CHDIR, launcher.file.string(task.workingDirectory()));
        launcher.become(task.user());
        launcher.execute(task);
        return launcher.file.finish(launcher.code.toBytes());
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
        for (int i = 0; i < arguments.length; i++) {
            code.add(set.argument(i, arguments[i]));
        }
        code.add(set.systemCall(set.number(call)));
        code.add(set.skip(Outcome.SUCCESS, exit(CANNOT)));
    }

    private byte[] exit(int status) {
        return MachineCode.concat(
                set.argument(0, status), set.systemCall(set.number(SystemCall.EXIT)));
    }
}
