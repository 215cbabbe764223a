package dev.undocker.linux;

import java.nio.file.Path;

/// Users or groups, and where Linux says which there are.
public enum IdKind {
    USER("/proc/self/uid_map", "/etc/subuid"),
    GROUP("/proc/self/gid_map", "/etc/subgid");

    private final Path existing;
    private final Path subordinate;

    IdKind(String existing, String subordinate) {
        this.existing = Path.of(existing);
        this.subordinate = Path.of(subordinate);
    }

    /// The map of this process's user namespace (user_namespaces(7)).
    Path existing() {
        return existing;
    }

    /// The ids that users may map into their namespaces (subuid(5), subgid(5)).
    public Path subordinate() {
        return subordinate;
    }
}
