package dev.undocker.query.explain;

import dev.undocker.merge.MergedRootfs;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.PathWalk;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How the kernel comes to a path in the merged tree (path_resolution(7)).
///
/// @param links the symbolic links that it follows, in order, each once
/// @param end where it comes to, without links, whether anything is there or not; null when it
///   comes to nothing
/// @param obstacle what it does not come past: something that is no directory, or the link that is
///   one too many; null when there is an end
/// @param missing the first name on the way that is not there; null when all are
record Way(
        List<Link> links,
        @Nullable RootfsPath end,
        @Nullable Obstacle obstacle,
        @Nullable RootfsPath missing) {
    /// @param layer that put it there
    record Link(RootfsPath path, byte[] target, int layer) {}

    /// @param layer that put it there
    record Obstacle(RootfsPath path, Inode inode, int layer) {
        /// True when symbolic links lead in a circle.
        boolean isLoop() {
            return inode instanceof Inode.Symlink;
        }
    }

    /// The way to a directory in which a name is looked for.
    static Way into(RootfsPath directory, MergedRootfs tree) {
        return to(directory, tree, true);
    }

    /// The way to whatever it is.
    static Way to(RootfsPath path, MergedRootfs tree) {
        return to(path, tree, false);
    }

    private static Way to(RootfsPath path, MergedRootfs tree, boolean directory) {
        PathWalk walk = PathWalk.to(path, at -> standing(at, tree));
        List<Link> links = new ArrayList<>();
        Obstacle last = null;
        RootfsPath missing = null;
        for (Map.Entry<RootfsPath, Inode> met : walk.met().entrySet()) {
            RootfsPath at = met.getKey();
            Inode inode = met.getValue();
            if (inode instanceof Inode.Symlink link) {
                links.add(new Link(at, link.target(), tree.layer(at)));
            }
            if (missing == null && !tree.contains(at)) {
                missing = at;
            }
            last = new Obstacle(at, inode, tree.layer(at));
        }
        RootfsPath end = directory ? walk.directory() : walk.end();
        Obstacle obstacle = null;
        if (end == null && walk.end() != null) {
            obstacle = obstacle(walk.end(), walk, tree);
        } else if (end == null) {
            // what is no directory ends the walk at once; else it has met one link too many
            boolean circle = last == null || last.inode() instanceof Inode.Directory;
            obstacle = circle ? obstacle(links.getLast().path(), walk, tree) : last;
        }
        return new Way(List.copyOf(links), end, obstacle, missing);
    }

    private static Obstacle obstacle(RootfsPath at, PathWalk walk, MergedRootfs tree) {
        return new Obstacle(at, Objects.requireNonNull(walk.met().get(at)), tree.layer(at));
    }

    /// What has exactly this name.
    static @Nullable Inode standing(RootfsPath path, MergedRootfs tree) {
        return tree.contains(path) ? tree.lookup(path) : null;
    }
}
