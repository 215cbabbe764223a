package dev.undocker.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// With which owner, group and modes this process makes files: `/proc/self/status` (proc(5)).
///
/// @param uid owner of new files, as unsigned int
/// @param gid group of new files, as unsigned int
/// @param umask bits that new files lack
public record ProcessStatus(int uid, int gid, int umask) {
    /// Read anew at each call. Where the file is missing, nothing is known: no identifiers, and a
    /// umask of all bits, so that every attribute is set explicitly.
    public static ProcessStatus current() {
        int uid = -1;
        int gid = -1;
        int umask = 07777;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                String[] words = line.split("\\s+");
                // four numbers: real, effective, saved, and the one that file systems look at
                switch (words[0]) {
                    case "Uid:" -> uid = Integer.parseUnsignedInt(words[4]);
                    case "Gid:" -> gid = Integer.parseUnsignedInt(words[4]);
                    case "Umask:" -> umask = Integer.parseInt(words[1], 8);
                    default -> {}
                }
            }
        } catch (IOException unknown) {
            return new ProcessStatus(-1, -1, 07777);
        }
        return new ProcessStatus(uid, gid, umask);
    }
}
