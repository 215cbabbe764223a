package dev.undocker.runtime.oci;

import dev.undocker.rootfs.Metadata;
import dev.undocker.runtime.Volume;

import java.util.List;

/// Whose ids a container's ids are on the host.
///
/// @param rootless true when the runtime itself has no rights: no network namespace, no control
///   groups, no supplementary groups
public record UserNamespace(List<IdMapping> uids, List<IdMapping> gids, boolean rootless) {
    /// The host's own ids: no namespace.
    public static final UserNamespace NONE = new UserNamespace(List.of(), List.of(), false);

    public UserNamespace {
        uids = List.copyOf(uids);
        gids = List.copyOf(gids);
    }

    /// Root inside is one user outside.
    public static UserNamespace rootless(long uid, long gid) {
        return new UserNamespace(
                List.of(new IdMapping(0, uid, 1)), List.of(new IdMapping(0, gid, 1)), true);
    }

    /// A volume as it is in the container: what belongs to nobody there is root's, as it is in the
    /// tree. The kernel refuses to mount a tmpfs for ids that do not exist.
    Volume inside(Volume volume) {
        Metadata metadata = volume.metadata();
        return new Volume(
                volume.declared(),
                volume.path(),
                new Metadata(
                        metadata.mode(),
                        inside(metadata.uid(), uids),
                        inside(metadata.gid(), gids),
                        metadata.mtimeSeconds(),
                        metadata.mtimeNanos(),
                        metadata.xattrs()),
                volume.hasContent());
    }

    private static long inside(long id, List<IdMapping> mappings) {
        boolean known =
                mappings.isEmpty()
                        || mappings.stream()
                                .anyMatch(range ->
                                        id >= range.container()
                                                && id - range.container() < range.size());
        return known ? id : 0;
    }

    boolean exists() {
        return !uids.isEmpty() || !gids.isEmpty();
    }
}
