package dev.undocker.runtime.lxc;

/// What becomes of an image's volumes.
public sealed interface VolumePolicy {
    /// A directory of the root file system; the configuration only mentions it.
    record Directory() implements VolumePolicy {}

    /// An empty tmpfs at each start.
    record Tmpfs() implements VolumePolicy {}

    /// A directory of the host, with the volume's path below it; it must exist at the start.
    ///
    /// @param hostDirectory absolute
    record Bind(String hostDirectory) implements VolumePolicy {}
}
