package dev.undocker.runtime.launcher;

import dev.undocker.UndockerException;
import dev.undocker.runtime.EnvironmentVariable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes a script for the image's `/bin/sh` that does a [LauncherTask] but for the user, which a
/// shell cannot change. The shell adds variables of its own (`PWD`, `SHLVL`), and `argv[0]` becomes
/// the program's path.
final class ShellLauncher {
    private ShellLauncher() {}

    static byte[] build(LauncherTask task) {
        StringBuilder script = new StringBuilder("#!/bin/sh\n");
        script.append("cd ").append(quoted(task.workingDirectory())).append(" || exit 126\n");
        List<EnvironmentVariable> environment = task.environment();
        if (environment != null) {
            for (EnvironmentVariable variable : environment) {
                script.append("export ").append(assignment(variable)).append('\n');
            }
        }
        script.append("exec ").append(quoted(task.program()));
        task.argv().stream().skip(1).forEach(word -> script.append(' ').append(quoted(word)));
        return script.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String assignment(EnvironmentVariable variable) {
        if (!variable.name().matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new UndockerException(
                    "environment variable %s: a shell cannot set a variable of this name"
                            .formatted(variable.name()));
        }
        return variable.name() + "=" + quoted(variable.value());
    }

    /// Nothing is special between single quotes (POSIX, Shell Command Language 2.2.2).
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
