package dev.undocker.runtime.oci;

import dev.undocker.runtime.Volume;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An entry of `mounts` (runtime-spec `config.md`). The fixed ones are what podman mounts.
public record OciMount(String destination, String type, String source, List<String> options) {
    private static final String TMPFS = "tmpfs";

    private static final List<OciMount> KERNEL =
            List.of(
                    of("/proc", "proc", "proc", "nosuid,noexec,nodev"),
                    of("/dev", TMPFS, TMPFS, "nosuid,noexec,strictatime,mode=755,size=65536k"),
                    of("/dev/mqueue", "mqueue", "mqueue", "nosuid,noexec,nodev"),
                    of("/dev/shm", TMPFS, "shm", "nosuid,noexec,nodev,mode=1777,size=65536k"));
    private static final String PTS = "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620";

    /// The host's name servers. A user namespace may not take away what the host's mount forbids,
    /// such as devices on `/run`.
    static final OciMount RESOLVER =
            of("/etc/resolv.conf", "bind", "/etc/resolv.conf", "bind,ro,nosuid,nodev,noexec");

    private static OciMount of(String destination, String type, String source, String options) {
        return new OciMount(destination, type, source, List.of(options.split(",")));
    }

    /// What the kernel offers, for every container.
    static List<OciMount> kernel(UserNamespace users) {
        List<OciMount> mounts = new ArrayList<>(KERNEL);
        if (users.rootless()) {
            // the group 5 of terminals does not exist there, and sysfs belongs to the network
            mounts.add(of("/dev/pts", "devpts", "devpts", PTS));
            mounts.add(of("/sys", "none", "/sys", "rbind,nosuid,noexec,nodev,ro"));
        } else {
            mounts.add(of("/dev/pts", "devpts", "devpts", PTS + ",gid=5"));
            mounts.add(of("/sys", "sysfs", "sysfs", "nosuid,noexec,nodev,ro"));
            mounts.add(of("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid,noexec,nodev,relatime,ro"));
        }
        return mounts;
    }

    /// What is mounted on the volumes.
    ///
    /// @param users whose ids the container has
    /// @param copyUp whether the runtime can begin a tmpfs with the image's content, as runc and
    ///   crun can
    public static List<OciMount> volumes(Volumes volumes, UserNamespace users, boolean copyUp) {
        return volumes.all().stream()
                .flatMap(volume -> volume(volume, volumes.policy(), users, copyUp).stream())
                .toList();
    }

    private static Optional<OciMount> volume(
            Volume volume, VolumePolicy policy, UserNamespace users, boolean copyUp) {
        return switch (policy) {
            case VolumePolicy.Directory() -> Optional.empty();
            case VolumePolicy.Tmpfs() ->
                    Optional.of(
                            of(
                                    volume.mountPoint(),
                                    TMPFS,
                                    TMPFS,
                                    "rw,nosuid,nodev,"
                                            + users.inside(volume).tmpfsOptions()
                                            + (copyUp ? ",tmpcopyup" : "")));
            // systemd-nspawn knows no other option of a bind mount
            case VolumePolicy.Bind bind ->
                    Optional.of(of(volume.mountPoint(), "bind", bind.source(volume), "rbind"));
        };
    }
}
