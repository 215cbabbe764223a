package dev.undocker.query.list;

import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.PathLookup.Found;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which names lead to the same inode.
final class LinkCount {
    private final MergedRootfs tree;
    private final Map<Inode, List<RootfsPath>> links;

    /// Of directories that were asked for: counting reads all their names.
    private final Map<RootfsPath, Integer> directories = new HashMap<>();

    LinkCount(MergedRootfs tree) {
        this.tree = tree;
        links = tree.links();
    }

    /// How many names it has in the whole image; a directory also has `.` and each `..` in it, as
    /// in most file systems.
    int of(Found entry) {
        if (entry.inode() instanceof Inode.Directory) {
            return directories.computeIfAbsent(entry.path(), this::ofDirectory);
        }
        List<RootfsPath> names = links.get(entry.inode());
        return names == null ? 1 : names.size();
    }

    private int ofDirectory(RootfsPath path) {
        int[] count = {2};
        tree.children(path, (child, inode) -> count[0] += inode instanceof Inode.Directory ? 1 : 0);
        return count[0];
    }

    /// The name of the same inode that outputs write first; null when this is it.
    @Nullable RootfsPath first(Found entry) {
        List<RootfsPath> names = links.get(entry.inode());
        return names == null || names.getFirst().equals(entry.path()) ? null : names.getFirst();
    }
}
