package dev.undocker.merge;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/// The result of the merge: names and inodes, no content. Immutable and thread-safe.
public final class MergedRootfs implements RootfsView {
    private final DentryTree tree;

    MergedRootfs(DentryTree tree) {
        this.tree = tree;
    }

    @Override
    public @Nullable Inode lookup(RootfsPath path) {
        return tree.lookup(path);
    }

    @Override
    public @Nullable Inode resolve(RootfsPath path) {
        return tree.resolve(path);
    }

    @Override
    public boolean contains(RootfsPath path) {
        return tree.contains(path);
    }

    @Override
    public void below(RootfsPath directory, BiConsumer<RootfsPath, Inode> taken) {
        tree.below(directory, taken);
    }

    @Override
    public boolean hasContent(RootfsPath path) {
        return tree.hasContent(path);
    }

    /// Which layer put what stands at `path`, counted from 1; for a directory, the last that
    /// described it. No link is followed.
    ///
    /// @return 0 when there is nothing, or no layer described the root
    public int layer(RootfsPath path) {
        Dentry dentry = tree.get(path);
        return dentry == null ? 0 : dentry.layer;
    }

    /// Gives every name in a directory, in no order; nothing where no directory is. No link is
    /// followed.
    public void children(RootfsPath directory, BiConsumer<RootfsPath, Inode> taken) {
        Dentry top = tree.get(directory);
        Dentry child = top instanceof DirectoryDentry parent ? parent.firstChild : null;
        for (; child != null; child = child.nextSibling()) {
            taken.accept(child.path(), child.inode);
        }
    }

    /// All names of each inode that has several, in output order.
    public Map<Inode, List<RootfsPath>> links() {
        Map<Inode, List<RootfsPath>> links = new IdentityHashMap<>();
        Dentry root = tree.root();
        for (Dentry at = root.nextBelow(root); at != null; at = at.nextBelow(root)) {
            if (at.linked) {
                links.computeIfAbsent(at.inode, inode -> new ArrayList<>(2)).add(at.path());
            }
        }
        links.values().removeIf(names -> names.size() == 1);
        return links;
    }

    /// What survived, in no order; a hard-linked inode comes once for each of its names.
    public Iterable<Inode> inodes() {
        return tree.inodes();
    }

    /// What there is to write, in output order.
    ///
    /// @param wanted which names to write; directories on the way to them come along
    /// @param latest newer modification times become this many seconds since 1970; empty keeps all
    public MergePlan plan(Predicate<RootfsPath> wanted, OptionalLong latest) {
        return new MergePlan(tree, wanted, latest);
    }
}
