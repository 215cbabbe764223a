package dev.undocker.runtime;

/// One variable of a process: a name without `=`, never empty, and a value. Neither holds NUL.
public record EnvironmentVariable(String name, String value) {
    /// `NAME=value`, as `execve` takes it.
    public String assignment() {
        return name + "=" + value;
    }
}
