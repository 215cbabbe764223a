package dev.undocker.runtime.launcher;

import dev.undocker.UndockerException;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.HiddenDirectory;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes a script for the image's `/bin/sh` that does a [LauncherTask] but for the user, which a
/// shell cannot change. The shell adds variables of its own (`PWD`, `SHLVL`), and `argv[0]` becomes
/// the program's path. Directories are made with the image's `mkdir`, `chown` and `chmod`, where
/// root is started.
final class ShellLauncher {
    /// A character for each byte of the script: names of directories need not be UTF-8.
    private final StringBuilder script = new StringBuilder("#!/bin/sh\n");

    private ShellLauncher() {}

    static boolean makesDirectories(LauncherTask task) {
        return task.user().isPlainRoot();
    }

    static byte[] build(LauncherTask task) {
        ShellLauncher launcher = new ShellLauncher();
        if (makesDirectories(task)) {
            task.directories().forEach(launcher::make);
        }
        launcher.line("cd %s || exit 126", quoted(task.workingDirectory()));
        List<EnvironmentVariable> environment = task.environment();
        if (environment != null) {
            environment.forEach(launcher::export);
        }
        launcher.script.append("exec ").append(quoted(task.program()));
        task.argv().stream()
                .skip(1)
                .forEach(word -> launcher.script.append(' ').append(quoted(word)));
        launcher.script.append('\n');
        return launcher.script.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void line(String format, Object... values) {
        script.append(format.formatted(values)).append('\n');
    }

    private void make(HiddenDirectory directory) {
        // a mode of five digits also clears set-id bits that came from the directory above
        line(
                "[ -e %1$s ] || [ -L %1$s ] || {"
                        + " mkdir -m 700 %1$s && chown %2$d:%3$d %1$s && chmod %4$05o %1$s; }"
                        + " || exit 126",
                quoted(directory.absolutePath()),
                directory.metadata().uid(),
                directory.metadata().gid(),
                directory.metadata().mode());
    }

    private void export(EnvironmentVariable variable) {
        if (!variable.name().matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new UndockerException(
                    "environment variable %s: a shell cannot set a variable of this name"
                            .formatted(variable.name()));
        }
        line("export %s=%s", variable.name(), quoted(variable.value()));
    }

    private static String quoted(String text) {
        return quoted(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Nothing is special between single quotes (POSIX, Shell Command Language 2.2.2).
    private static String quoted(byte[] text) {
        return "'" + new String(text, StandardCharsets.ISO_8859_1).replace("'", "'\\''") + "'";
    }
}
