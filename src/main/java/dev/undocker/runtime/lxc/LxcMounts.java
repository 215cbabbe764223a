package dev.undocker.runtime.lxc;

import dev.undocker.Warnings;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.Volume;
import dev.undocker.runtime.VolumePolicy;

import java.util.Optional;

/// Values of `lxc.mount.entry`: lines of fstab(5), with targets relative to the root.
final class LxcMounts {
    static final String SHARED_MEMORY = "shm dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0";

    /// The host's name servers; a host without the file starts the container all the same.
    static final String RESOLVER =
            "/etc/resolv.conf etc/resolv.conf none bind,ro,optional,create=file 0 0";

    private final VolumePolicy policy;
    private final Warnings warnings;

    LxcMounts(VolumePolicy policy, Warnings warnings) {
        this.policy = policy;
        this.warnings = warnings;
    }

    /// Whether the image leaves the name servers to the host, at a path where LXC mounts.
    static boolean resolverIsMounted(RootfsView rootfs) {
        return NameFile.RESOLVER.isLeftOpen(rootfs)
                && !(rootfs.lookup(NameFile.RESOLVER.directory()) instanceof Inode.Symlink);
    }

    /// The mount of a volume, or empty when the policy wants none or LXC cannot hold its name.
    Optional<String> entry(Volume volume) {
        String path = volume.mountPoint();
        if (!(policy instanceof VolumePolicy.Directory) && !LxcGrammar.holds(path)) {
            warnings.warn("volume %s: not mounted: LXC cannot hold its name".formatted(path));
            return Optional.empty();
        }
        String target = field(path.substring(1));
        return switch (policy) {
            case VolumePolicy.Directory() -> Optional.empty();
            case VolumePolicy.Tmpfs() ->
                    Optional.of(
                            "tmpfs %s tmpfs rw,nosuid,nodev,%s,create=dir 0 0"
                                    .formatted(target, volume.tmpfsOptions()));
            case VolumePolicy.Bind bind ->
                    Optional.of(
                            "%s %s none rw,bind,create=dir 0 0"
                                    .formatted(field(bind.source(volume)), target));
        };
    }

    /// getmntent(3) knows these four escapes only.
    private static String field(String text) {
        return text.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011");
    }
}
