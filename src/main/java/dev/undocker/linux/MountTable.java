package dev.undocker.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What is mounted where in this process' mount namespace: `/proc/self/mountinfo` (proc(5)).
public final class MountTable {
    private final List<Mount> mounts;

    /// @param point the mount point's bytes as ISO 8859-1
    private record Mount(String point, List<String> options) {}

    private MountTable(List<Mount> mounts) {
        this.mounts = mounts;
    }

    /// The table as it is now; empty where the system has none.
    public static MountTable read() {
        try {
            return parse(
                    Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1));
        } catch (IOException none) {
            return new MountTable(List.of());
        }
    }

    static MountTable parse(String text) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : text.split("\n")) {
            String[] words = line.split(" ");
            if (words.length > 5) {
                mounts.add(new Mount(unescape(words[4]), Arrays.asList(words[5].split(","))));
            }
        }
        return new MountTable(mounts);
    }

    /// Space, tab, newline and backslash stand as three octal digits.
    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) == '\\' && at + 3 < text.length()) {
                plain.append((char) Integer.parseInt(text, at + 1, at + 4, 8));
                at += 3;
            } else {
                plain.append(text.charAt(at));
            }
        }
        return plain.toString();
    }

    /// True when something is mounted on exactly this path, which must be a real path.
    public boolean isMountPoint(Path real) {
        String path = text(real);
        return mounts.stream().anyMatch(mount -> mount.point().equals(path));
    }

    /// True when the mount that holds this real path has the option, such as `nodev`.
    public boolean hasOption(Path real, String option) {
        String path = text(real) + "/";
        Mount holder = new Mount("", List.of());
        for (Mount mount : mounts) {
            String point = mount.point().equals("/") ? "/" : mount.point() + "/";
            // a later mount on the same point hides an earlier one
            if (path.startsWith(point) && mount.point().length() >= holder.point().length()) {
                holder = mount;
            }
        }
        return holder.options().contains(option);
    }

    private static String text(Path real) {
        return new String(FileName.bytes(real.toAbsolutePath()), StandardCharsets.ISO_8859_1)
                .replaceFirst("(?<=.)/$", "");
    }
}
