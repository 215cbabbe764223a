package dev.undocker.query.diff;

import dev.undocker.merge.MergedRootfs;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Which names of a tree share their inode.
final class LinkGroups {
    private final Map<RootfsPath, List<RootfsPath>> groups = new HashMap<>();

    LinkGroups(MergedRootfs tree) {
        Map<Inode, RootfsPath> first = new IdentityHashMap<>();
        tree.below(
                RootfsPath.ROOT,
                (path, inode) -> {
                    RootfsPath other =
                            inode instanceof Inode.Directory
                                    ? null
                                    : first.putIfAbsent(inode, path);
                    if (other != null) {
                        List<RootfsPath> group =
                                groups.computeIfAbsent(
                                        other, name -> new ArrayList<>(List.of(name)));
                        group.add(path);
                        groups.put(path, group);
                    }
                });
        groups.values().forEach(group -> group.sort(null));
    }

    /// The other names of the same inode, sorted.
    List<RootfsPath> others(RootfsPath path) {
        List<RootfsPath> group = groups.get(path);
        return group == null
                ? List.of()
                : group.stream().filter(other -> !other.equals(path)).toList();
    }

    boolean isLinked(RootfsPath path) {
        return groups.containsKey(path);
    }
}
