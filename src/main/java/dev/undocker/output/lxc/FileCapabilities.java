package dev.undocker.output.lxc;

import dev.undocker.Warnings;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.lxc.LxcVersion;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Whether there are file capabilities (capabilities(7)) that `lxc-create` drops: its `local`
/// template keeps them from LXC 6 on.
final class FileCapabilities {
    private static final byte[] ATTRIBUTE =
            "security.capability".getBytes(StandardCharsets.US_ASCII);

    private final boolean dropped;
    private @Nullable RootfsPath first;

    /// @param version of LXC that unpacks the archive
    FileCapabilities(LxcVersion version) {
        dropped = version == LxcVersion.V5;
    }

    void see(RootfsEntry entry) {
        if (dropped
                && first == null
                && entry.inode().metadata().xattrs().stream()
                        .anyMatch(xattr -> Arrays.equals(xattr.name(), ATTRIBUTE))) {
            first = entry.path();
        }
    }

    /// Says so if any were seen.
    void warn(Warnings warnings) {
        if (first != null) {
            warnings.warn(
                    "%s has file capabilities, which lxc-create of LXC 5 drops; --format dir keeps them"
                            .formatted(first));
        }
    }
}
