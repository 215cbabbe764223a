package dev.undocker.runtime.launcher;

import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.HiddenDirectory;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessUser;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What a launcher does, in this order: makes directories, changes the directory, takes on the
/// user, replaces itself with the program.
///
/// @param directories those that are missing are made, parents first; others are left alone
/// @param program absolute path
/// @param environment null to pass on what the runtime hands over
public record LauncherTask(
        List<HiddenDirectory> directories,
        String workingDirectory,
        ProcessUser user,
        String program,
        List<String> argv,
        @Nullable List<EnvironmentVariable> environment) {
    private static final String CONTAINER = "container";

    /// Everything of `process`. Where the runtime's configuration holds every variable, the
    /// environment is passed on, so that what the runtime adds by itself gets through (`container`,
    /// `TERM`, `NOTIFY_SOCKET` …). Else it is replaced, and of those only `container` is kept.
    ///
    /// @param directories what the runtime hides and the launcher makes anew
    /// @param runtimeSetsEnvironment true when the runtime's configuration holds every variable
    /// @param container what the runtime calls itself in the variable `container`
    public static LauncherTask of(
            List<HiddenDirectory> directories,
            ProcessDescription process,
            boolean runtimeSetsEnvironment,
            String container) {
        List<EnvironmentVariable> environment = new ArrayList<>(process.environment());
        if (environment.stream().noneMatch(variable -> variable.name().equals(CONTAINER))) {
            environment.add(new EnvironmentVariable(CONTAINER, container));
        }
        return new LauncherTask(
                directories,
                process.workingDirectory(),
                process.user(),
                process.program(),
                process.argv(),
                runtimeSetsEnvironment ? null : environment);
    }
}
