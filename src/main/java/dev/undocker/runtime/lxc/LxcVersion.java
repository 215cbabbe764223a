package dev.undocker.runtime.lxc;

/// What the LXC that reads the configuration understands.
public enum LxcVersion {
    /// LXC 5 and everything later: words cannot be quoted, and supplementary groups get lost in a
    /// user namespace.
    V5,
    /// LXC 6 and later only: words of a command can be quoted.
    V6;

    /// The major number, as the command line takes it.
    @Override
    public String toString() {
        return name().substring(1);
    }
}
