package dev.undocker.query.diff;

import dev.undocker.Events;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.Change;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Compares two trees name by name. Memory grows with the number of their names.
public final class TreeComparison {
    private final MergedRootfs before;
    private final MergedRootfs after;
    private final boolean times;
    private final LinkGroups linksBefore;
    private final LinkGroups linksAfter;
    private final ContentComparison contents = new ContentComparison();

    /// What was read of files with several names, to read it once.
    private final Map<Inode, Compared> linked = new IdentityHashMap<>();

    /// @param same whether `inode` has the same content
    private record Compared(Inode inode, boolean same) {}

    private TreeComparison(MergedRootfs before, MergedRootfs after, boolean times) {
        this.before = before;
        this.after = after;
        this.times = times;
        linksBefore = new LinkGroups(before);
        linksAfter = new LinkGroups(after);
    }

    /// Where the trees differ, sorted by path.
    ///
    /// @param before the contents of its files can be read
    /// @param after the contents of its files can be read
    /// @param times true when a difference of times alone is one
    /// @throws dev.undocker.UndockerException when a content cannot be read
    public static List<Difference> of(
            MergedRootfs before, MergedRootfs after, boolean times, Events events) {
        return new TreeComparison(before, after, times).differences(events);
    }

    /// Tells how far the reading of contents is.
    private List<Difference> differences(Events events) {
        List<Difference> differences = new ArrayList<>();
        Events.Task task = events.task("compare", bytesToRead());
        addChange(RootfsPath.ROOT, standing(RootfsPath.ROOT, before), differences, task);
        before.below(
                RootfsPath.ROOT,
                (path, inode) -> {
                    if (after.contains(path)) {
                        addChange(path, inode, differences, task);
                    } else {
                        differences.add(new Difference.Deleted(path, inode, isTop(path, after)));
                    }
                });
        after.below(
                RootfsPath.ROOT,
                (path, inode) -> {
                    if (!before.contains(path)) {
                        differences.add(new Difference.Added(path, inode, isTop(path, before)));
                    }
                });
        task.close();
        differences.sort(Comparator.comparing(Difference::path));
        return differences;
    }

    private long bytesToRead() {
        long[] sum = {0};
        before.below(
                RootfsPath.ROOT,
                (path, inode) -> {
                    if (after.contains(path)) {
                        sum[0] += bytesToRead(inode, standing(path, after));
                    }
                });
        return sum[0];
    }

    /// Contents of other sizes are not read.
    private static long bytesToRead(Inode inode, Inode other) {
        return inode instanceof Inode.RegularFile file
                        && other instanceof Inode.RegularFile alike
                        && file.content().size() == alike.content().size()
                ? file.content().size()
                : 0;
    }

    /// True when the directory of a name that `other` lacks is there.
    private static boolean isTop(RootfsPath path, MergedRootfs other) {
        RootfsPath parent = Objects.requireNonNull(path.parent());
        return other.contains(parent) && standing(parent, other) instanceof Inode.Directory;
    }

    /// @param path a name of the tree
    private static Inode standing(RootfsPath path, MergedRootfs tree) {
        return Objects.requireNonNull(tree.lookup(path));
    }

    private void addChange(
            RootfsPath path, Inode inode, List<Difference> differences, Events.Task task) {
        Inode other = standing(path, after);
        List<Change> changes = Change.between(inode, other);
        if (!times) {
            changes.removeIf(change -> change instanceof Change.Time);
        }
        if (bytesToRead(inode, other) > 0) {
            if (!isSameContent(path, (Inode.RegularFile) inode, (Inode.RegularFile) other)) {
                changes.addFirst(new Change.Content());
            }
            task.advance(bytesToRead(inode, other));
        }
        List<RootfsPath> links = linksBefore.others(path);
        List<RootfsPath> otherLinks = linksAfter.others(path);
        if (!links.equals(otherLinks)) {
            changes.add(new Change.Links(links, otherLinks));
        }
        if (!changes.isEmpty()) {
            differences.add(new Difference.Changed(path, inode, other, changes));
        }
    }

    private boolean isSameContent(
            RootfsPath path, Inode.RegularFile file, Inode.RegularFile other) {
        Compared known = linked.get(file);
        if (known != null && known.inode() == other) {
            return known.same();
        }
        boolean same = contents.isSame(file.content(), other.content());
        if (linksBefore.isLinked(path)) {
            linked.put(file, new Compared(other, same));
        }
        return same;
    }
}
