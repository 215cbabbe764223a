package dev.undocker.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A `PATH` on which LXC finds what its hooks start, and no `newuidmap`: so it writes id maps
/// itself and asks no `/etc/subuid`.
public final class SearchPath {
    private static final String[] PROGRAMS = {
        "basename",
        "cat",
        "cut",
        "dirname",
        "grep",
        "id",
        "ln",
        "ls",
        "lxc-start",
        "mkdir",
        "mount",
        "readlink",
        "rm",
        "rmdir",
        "sed",
        "sh",
        "sleep",
        "tr",
        "umount",
    };

    private SearchPath() {}

    /// Fills a new directory.
    ///
    /// @return the directory
    public static Path withoutIdMapping(Path directory) throws IOException {
        Files.createDirectory(directory);
        for (String name : PROGRAMS) {
            String call = "#!/bin/sh\nexec %s \"$@\"\n".formatted(Requirements.tool(name));
            Path file = Files.writeString(directory.resolve(name), call);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return directory;
    }
}
