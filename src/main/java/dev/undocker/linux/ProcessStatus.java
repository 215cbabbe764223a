package dev.undocker.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// With which owner, group and modes this process makes files, and whether it may give them away:
/// `/proc/self/status` (proc(5)).
///
/// @param uid owner of new files, as unsigned int
/// @param gid group of new files, as unsigned int
/// @param umask bits that new files lack
/// @param givesFiles whether files may get another owner (`CAP_CHOWN`, capabilities(7))
public record ProcessStatus(int uid, int gid, int umask, boolean givesFiles) {
    private static final ProcessStatus UNKNOWN = new ProcessStatus(-1, -1, 07777, true);

    /// Read anew at each call. Where the file is missing, nothing is known: no identifiers, a umask
    /// of all bits, so that every attribute is set explicitly, and every right, until it is
    /// refused.
    public static ProcessStatus current() {
        int uid = UNKNOWN.uid;
        int gid = UNKNOWN.gid;
        int umask = UNKNOWN.umask;
        boolean givesFiles = UNKNOWN.givesFiles;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                String[] words = line.split("\\s+");
                // four numbers: real, effective, saved, and the one that file systems look at
                switch (words[0]) {
                    case "Uid:" -> uid = Integer.parseUnsignedInt(words[4]);
                    case "Gid:" -> gid = Integer.parseUnsignedInt(words[4]);
                    // CAP_CHOWN is the lowest bit
                    case "CapEff:" -> givesFiles = (Long.parseUnsignedLong(words[1], 16) & 1) != 0;
                    case "Umask:" -> umask = Integer.parseInt(words[1], 8);
                    default -> {}
                }
            }
        } catch (IOException unknown) {
            return UNKNOWN;
        }
        return new ProcessStatus(uid, gid, umask, givesFiles);
    }
}
