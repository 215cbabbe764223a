package dev.undocker.runtime.launcher;

import dev.undocker.rootfs.RootfsPath;

/// A launcher as it stands in the root file system. It always sets the working directory and the
/// command line; the rest is the runtime's to set where the launcher does not.
///
/// @param path a name that the image leaves free
/// @param content the executable's bytes; the array is never written again
/// @param setsEnvironment true when the runtime's environment is replaced
/// @param setsUser true when uid, gid and supplementary groups are set
public record Launcher(RootfsPath path, byte[] content, boolean setsEnvironment, boolean setsUser) {
    /// The file's permission bits; owner and group are 0.
    public static final int MODE = 0755;

    /// The command that the runtime starts.
    public String command() {
        return "/" + path;
    }
}
