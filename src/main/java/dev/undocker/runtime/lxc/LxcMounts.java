package dev.undocker.runtime.lxc;

import dev.undocker.Warnings;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.ContainerPath;
import dev.undocker.runtime.NameFile;

import java.util.Optional;

/// Values of `lxc.mount.entry`: lines of fstab(5), with targets relative to the root.
final class LxcMounts {
    static final String SHARED_MEMORY = "shm dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0";

    /// The host's name servers; a host without the file starts the container all the same.
    static final String RESOLVER =
            "/etc/resolv.conf etc/resolv.conf none bind,ro,optional,create=file 0 0";

    private final VolumePolicy policy;
    private final RootfsView rootfs;
    private final Warnings warnings;

    LxcMounts(VolumePolicy policy, RootfsView rootfs, Warnings warnings) {
        this.policy = policy;
        this.rootfs = rootfs;
        this.warnings = warnings;
    }

    /// Whether the image leaves the name servers to the host, at a path where LXC mounts.
    static boolean resolverIsMounted(RootfsView rootfs) {
        return NameFile.RESOLVER.isLeftOpen(rootfs)
                && !(rootfs.lookup(NameFile.RESOLVER.directory()) instanceof Inode.Symlink);
    }

    /// The mount of a volume, or empty when the policy wants none or LXC could not do it.
    Optional<String> volume(String volume) {
        String path = ContainerPath.absolute("/", volume);
        return switch (policy) {
            case VolumePolicy.Directory() -> Optional.empty();
            case VolumePolicy.Tmpfs() ->
                    usable(path)
                            ? Optional.of(
                                    "tmpfs %s tmpfs rw,nosuid,nodev,create=dir 0 0"
                                            .formatted(field(path.substring(1))))
                            : Optional.empty();
            case VolumePolicy.Bind(String host) ->
                    usable(path) && LxcGrammar.holds(host)
                            ? Optional.of(
                                    "%s %s none rw,bind,create=dir 0 0"
                                            .formatted(
                                                    field(ContainerPath.absolute("/", host) + path),
                                                    field(path.substring(1))))
                            : Optional.empty();
        };
    }

    private boolean usable(String path) {
        String why = null;
        if (path.equals("/")) {
            why = "it is the root";
        } else if (!LxcGrammar.holds(path)) {
            why = "LXC cannot hold its name";
        } else if (leadsThroughLink(RootfsPath.of(path))) {
            why = "its path leads through a symbolic link, where LXC mounts nothing";
        }
        if (why != null) {
            warnings.warn("volume %s: not mounted: %s".formatted(path, why));
        }
        return why == null;
    }

    private boolean leadsThroughLink(RootfsPath path) {
        for (RootfsPath at = path; at != null; at = at.parent()) {
            if (rootfs.lookup(at) instanceof Inode.Symlink) {
                return true;
            }
        }
        return false;
    }

    /// getmntent(3) knows these four escapes only.
    private static String field(String text) {
        return text.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011");
    }
}
