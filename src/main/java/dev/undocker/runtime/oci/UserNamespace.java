package dev.undocker.runtime.oci;

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

    boolean exists() {
        return !uids.isEmpty() || !gids.isEmpty();
    }
}
