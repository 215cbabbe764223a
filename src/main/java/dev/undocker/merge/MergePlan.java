package dev.undocker.merge;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/// What survives, in output order: depth first, a directory's names in the order in which the
/// layers brought them, so that files that lie side by side in a layer mostly stay side by side.
/// All of a directory comes in one piece, since programs that extract a tar set a directory's mode
/// and time when they leave it: whoever is not root could not come back to a read-only one. The
/// order depends on the layers' contents alone. Each iteration yields the same entries.
public final class MergePlan implements Iterable<RootfsEntry> {
    private final Inode root;
    private final List<Dentry> dentries;
    private final OptionalLong latest;

    MergePlan(DentryTree tree, Predicate<RootfsPath> wanted, OptionalLong latest) {
        this.root = tree.root().inode;
        this.dentries = wanted(tree.depthFirst(), wanted);
        this.latest = latest;
    }

    /// What is wanted, and the directories on the way there.
    private static List<Dentry> wanted(List<Dentry> living, Predicate<RootfsPath> wanted) {
        if (living.stream().allMatch(dentry -> wanted.test(dentry.path()))) {
            return living;
        }
        Set<Dentry> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Dentry dentry : living) {
            if (wanted.test(dentry.path())) {
                for (Dentry at = dentry; at != null && kept.add(at); at = at.parent()) {
                    // up to the first directory that is kept already
                }
            }
        }
        living.removeIf(dentry -> !kept.contains(dentry));
        return living;
    }

    /// How many entries there are, the root included.
    public long size() {
        return dentries.size() + 1L;
    }

    /// How much data all regular files hold, each counted once and holes not at all.
    public long contentBytes() {
        Set<Inode> linked = Collections.newSetFromMap(new IdentityHashMap<>());
        long sum = 0;
        for (Dentry dentry : dentries) {
            if (dentry.inode instanceof Inode.RegularFile file
                    && (!dentry.linked || linked.add(file))) {
                sum += file.content().dataSize();
            }
        }
        return sum;
    }

    @Override
    public Iterator<RootfsEntry> iterator() {
        return new Entries();
    }

    /// Gives the first surviving name of an inode the content and makes the others links to it.
    private final class Entries implements Iterator<RootfsEntry> {
        private final Map<Inode, RootfsEntry.Node> firstNames = new IdentityHashMap<>();
        private int next = -1;

        @Override
        public boolean hasNext() {
            return next < dentries.size();
        }

        @Override
        public RootfsEntry next() {
            if (next < 0) {
                next++;
                return new RootfsEntry.Node(RootfsPath.ROOT, clamped(root));
            }
            Dentry dentry = dentries.get(next++);
            RootfsEntry.Node first = dentry.linked ? firstNames.get(dentry.inode) : null;
            if (first != null) {
                return new RootfsEntry.HardLink(dentry.path(), first.path(), first.inode());
            }
            RootfsEntry.Node node = new RootfsEntry.Node(dentry.path(), clamped(dentry.inode));
            if (dentry.linked) {
                firstNames.put(dentry.inode, node);
            }
            return node;
        }

        private Inode clamped(Inode inode) {
            if (latest.isEmpty()) {
                return inode;
            }
            Metadata metadata = inode.metadata().clampedTo(latest.getAsLong());
            return metadata == inode.metadata() ? inode : inode.withMetadata(metadata);
        }
    }
}
