package dev.undocker.runtime.oci;

import dev.undocker.Warnings;
import dev.undocker.runtime.ContainerPath;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// An entry of `mounts`. The fixed ones are what podman mounts.
record OciMount(String destination, String type, String source, List<String> options) {
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

    /// Runtimes refuse mounts there, or hide them.
    private static final List<String> KERNEL_PLACES = List.of("/proc", "/sys", "/dev");

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

    /// A tmpfs for each volume that can have one; its first content is the image's.
    static Stream<OciMount> volumes(List<String> volumes, Warnings warnings) {
        return volumes.stream()
                .filter(volume -> isPlace(volume, warnings))
                .map(volume -> ContainerPath.absolute("/", volume))
                .distinct()
                .map(path -> of(path, TMPFS, TMPFS, "rw,nosuid,nodev,tmpcopyup"));
    }

    private static boolean isPlace(String volume, Warnings warnings) {
        String path = ContainerPath.absolute("/", volume);
        boolean taken =
                KERNEL_PLACES.stream()
                        .anyMatch(place -> path.equals(place) || path.startsWith(place + "/"));
        if (path.equals("/") || taken || path.indexOf('\0') >= 0) {
            warnings.warn("volume %s: not mounted: no place for one".formatted(volume));
            return false;
        }
        return true;
    }
}
