package dev.undocker.runtime;

import dev.undocker.Warnings;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import java.util.Optional;

/// A user of the image's `/etc/passwd` who can be logged in (passwd(5)).
///
/// @param name of letters, digits, `_`, `.` and `-`
/// @param shell absolute; `/bin/sh` where the line says none
public record Login(String name, String shell) {
    /// Who logs in with an id: the first with it in the file, as the C library finds it.
    public static Optional<Login> of(long uid, RootfsView rootfs, Warnings warnings) {
        return UserDatabase.of(rootfs, warnings).users().stream()
                .filter(user -> user.uid() == uid)
                .findFirst()
                .filter(user -> user.name().matches("[A-Za-z0-9_][A-Za-z0-9_.-]*"))
                .map(user -> new Login(user.name(), user.shell()));
    }

    /// Whether the image has the shell, and it lets somebody in.
    public boolean isPossible(RootfsView rootfs) {
        return !shell.endsWith("/nologin")
                && !shell.endsWith("/false")
                && rootfs.resolve(RootfsPath.of(shell)) instanceof Inode.RegularFile;
    }
}
