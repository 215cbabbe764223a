package dev.undocker.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/// The named sockets that are open in this process' network namespace: `/proc/net/unix` (proc(5)).
public final class UnixSockets {
    private static final int COLUMNS = 8;

    private UnixSockets() {}

    /// Names that are absolute paths, also of abstract sockets, which are no files: LXC listens on
    /// `/var/lib/lxc/NAME/command` for as long as a container runs.
    public static Set<Path> paths() {
        Set<Path> paths = new LinkedHashSet<>();
        try {
            String text = Files.readString(Path.of("/proc/net/unix"), StandardCharsets.ISO_8859_1);
            for (String line : text.split("\n")) {
                String[] words = line.split(" +", COLUMNS);
                // an abstract name begins with a NUL, which is shown as @
                String name =
                        words.length < COLUMNS ? "" : words[COLUMNS - 1].replaceFirst("^@", "");
                if (name.startsWith("/")) {
                    paths.add(FileName.path(name.getBytes(StandardCharsets.ISO_8859_1)));
                }
            }
        } catch (IOException none) {
            return Set.of();
        }
        return paths;
    }
}
