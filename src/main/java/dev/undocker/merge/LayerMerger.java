package dev.undocker.merge;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.Limits;
import dev.undocker.layer.LayerEntry;
import dev.undocker.layer.LayerIndex;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// Applies layers, base first, to one tree (image-spec `layer.md#applying-changesets`). Of each
/// layer all whiteouts come first, wherever they stand in the stream; then the other entries, in
/// stream order, of which the last for a path wins.
///
/// Not thread-safe; the tree it makes is, once the last layer is applied.
public final class LayerMerger {
    private static final Inode.Directory IMPLIED = new Inode.Directory(Metadata.IMPLIED_DIRECTORY);

    private final DentryTree tree = new DentryTree();
    private final Limits limits;
    private final Warnings warnings;
    private final @Nullable Consumer<? super MergeEvent> observer;

    private LayerIndex index;
    private int layer;

    /// What the layers brought so far, and the directories that were made for it.
    private long names;

    /// What the current layer's whiteouts removed, for hard links that keep it: `.wh.a` with a link
    /// `b` to `a` in one layer is how a rename of `a` looks.
    private final Map<RootfsPath, Dentry> hidden = new HashMap<>();

    private final Map<RootfsPath, Inode> pseudoLinks = new HashMap<>();

    /// The directory that the last name went into, as the layer names it and in the tree.
    private RootfsPath lastWanted = RootfsPath.ROOT;

    private DirectoryDentry lastDirectory = tree.root();

    private LayerMerger(
            LayerIndex first,
            Limits limits,
            @Nullable Consumer<? super MergeEvent> observer,
            Warnings warnings) {
        this.index = first;
        this.limits = limits;
        this.observer = observer;
        this.warnings = warnings;
    }

    /// Merges a stack of layers.
    ///
    /// @param layers base first
    /// @param limits on the names of all layers together
    /// @param observer is told what happens to each name when it happens; null for nobody
    /// @throws UndockerException naming the layer and the path where a layer cannot be applied
    public static MergedRootfs merge(
            Iterable<LayerIndex> layers,
            Limits limits,
            @Nullable Consumer<? super MergeEvent> observer,
            Warnings warnings) {
        LayerMerger merger = null;
        for (LayerIndex index : layers) {
            if (merger == null) {
                merger = new LayerMerger(index, limits, observer, warnings);
            }
            merger.apply(index);
        }
        return new MergedRootfs(merger == null ? new DentryTree() : merger.tree);
    }

    private void apply(LayerIndex next) {
        index = next;
        layer++;
        count(next.entries().size());
        hidden.clear();
        pseudoLinks.clear();
        boolean links =
                next.entries().stream().anyMatch(entry -> entry instanceof LayerEntry.HardLink);
        for (LayerEntry entry : next.entries()) {
            switch (entry) {
                case LayerEntry.Whiteout(RootfsPath path) -> {
                    Dentry dentry = tree.get(path);
                    if (dentry != null) {
                        removed(dentry, MergeEvent.Cause.WHITEOUT, path);
                        hide(dentry, links);
                    }
                }
                case LayerEntry.OpaqueWhiteout(RootfsPath path) -> {
                    while (tree.get(path) instanceof DirectoryDentry directory
                            && directory.firstChild != null) {
                        removed(directory.firstChild, MergeEvent.Cause.OPAQUE_WHITEOUT, path);
                        hide(directory.firstChild, links);
                    }
                }
                case LayerEntry.PseudoLink(RootfsPath path, Inode inode) ->
                        pseudoLinks.put(path, inode);
                case LayerEntry.Addition addition -> {}
                case LayerEntry.HardLink link -> {}
            }
        }
        for (LayerEntry entry : next.entries()) {
            switch (entry) {
                case LayerEntry.Addition(RootfsPath path, Inode inode) -> add(path, inode);
                case LayerEntry.HardLink(RootfsPath path, RootfsPath target) -> link(path, target);
                case LayerEntry.Whiteout whiteout -> {}
                case LayerEntry.OpaqueWhiteout whiteout -> {}
                case LayerEntry.PseudoLink pseudoLink -> {}
            }
        }
    }

    private void count(int more) {
        names += more;
        limits.requireEntries(index.blob(), names);
    }

    private void hide(Dentry top, boolean remember) {
        if (remember) {
            for (Dentry at = top; at != null; at = at.nextBelow(top)) {
                hidden.put(at.path(), at);
            }
        }
        tree.remove(top);
    }

    private void add(RootfsPath path, Inode inode) {
        if (path.isRoot()) {
            update(tree.root(), (Inode.Directory) inode);
        } else {
            put(path, inode, null);
        }
    }

    private void link(RootfsPath path, RootfsPath target) {
        if (path.isRoot()) {
            throw refused(path, "the root is not a directory");
        }
        put(path, linked(path, target), target).linked = true;
    }

    /// Makes `path` a name of `inode`, in place of what has the name so far.
    ///
    /// @param target what it is a link to; null if it is none
    private Dentry put(RootfsPath path, Inode inode, @Nullable RootfsPath target) {
        DirectoryDentry directory = directoryOf(path);
        Dentry old = tree.get(directory, path.name());
        if (old != null && old.inode == inode) {
            return old;
        }
        if (old instanceof DirectoryDentry known && inode instanceof Inode.Directory update) {
            update(known, update);
            return old;
        }
        if (old != null) {
            removed(old, MergeEvent.Cause.REPLACED, old.path());
            tree.remove(old);
        }
        Dentry made = tree.create(directory, path.name(), inode, layer);
        if (observer != null) {
            RootfsPath real = made.path();
            observer.accept(
                    target == null
                            ? new MergeEvent.Added(layer, real, inode, path)
                            : new MergeEvent.Linked(layer, real, inode, path, target));
        }
        return made;
    }

    /// The upper entry's metadata replaces the lower's, xattrs included.
    private void update(DirectoryDentry directory, Inode.Directory inode) {
        if (observer != null) {
            observer.accept(
                    new MergeEvent.Updated(
                            layer, directory.path(), inode, directory.inode, directory.layer));
        }
        directory.inode = inode;
        directory.layer = layer;
    }

    /// Tells that a name is about to go, with all that is below it.
    private void removed(Dentry top, MergeEvent.Cause cause, RootfsPath at) {
        if (observer == null) {
            return;
        }
        for (Dentry gone = top; gone != null; gone = gone.nextBelow(top)) {
            observer.accept(
                    new MergeEvent.Removed(layer, gone.path(), gone.inode, gone.layer, cause, at));
        }
    }

    /// What the link's target names at this moment. The inode keeps its own metadata, whatever the
    /// link's header says.
    private Inode linked(RootfsPath path, RootfsPath target) {
        Inode pseudo = pseudoLinks.get(target);
        if (pseudo != null) {
            return pseudo;
        }
        Dentry found = tree.find(target, false);
        if (found == null) {
            found = hidden.get(target);
        }
        if (found == null) {
            throw refused(path, "hard link to %s, which does not exist".formatted(target));
        }
        if (found instanceof DirectoryDentry) {
            throw refused(path, "hard link to %s, which is a directory".formatted(target));
        }
        found.linked = true;
        return found.inode;
    }

    /// The directory that a new name goes into; what is missing of it is made.
    private DirectoryDentry directoryOf(RootfsPath path) {
        RootfsPath wanted = Objects.requireNonNull(path.parent());
        if (wanted == lastWanted && !lastDirectory.removed) {
            return lastDirectory;
        }
        if (tree.get(wanted) instanceof DirectoryDentry directory) {
            lastWanted = wanted;
            lastDirectory = directory;
            return directory;
        }
        return makeDirectories(path, wanted);
    }

    /// Makes what is missing on the way to `path`. A symbolic link that this same layer made is
    /// followed inside the root; one of a lower layer, like anything else that is no directory,
    /// gives way to a directory, as engines that mount layers over each other show it.
    private DirectoryDentry makeDirectories(RootfsPath entry, RootfsPath path) {
        RootfsPath wanted = path;
        Dentry at = tree.deepest(wanted);
        int followed = 0;
        while (at.layer == layer && at.inode instanceof Inode.Symlink symlink) {
            RootfsPath redirected =
                    ++followed > DentryTree.MAX_SYMLINKS
                            ? null
                            : SymlinkText.follow(at.path(), symlink.target(), wanted);
            if (redirected == null) {
                throw refused(entry, "too many symbolic links");
            }
            wanted = redirected;
            at = tree.deepest(wanted);
        }
        if (!(at instanceof DirectoryDentry)) {
            replaceWarning(entry, at);
            removed(at, MergeEvent.Cause.REPLACED, at.path());
            tree.remove(at);
        }
        DirectoryDentry directory =
                at instanceof DirectoryDentry there ? there : Objects.requireNonNull(at.parent());
        Deque<RootfsPath> missing = new ArrayDeque<>();
        for (RootfsPath up = wanted; up.length() > directory.path().length(); ) {
            missing.push(up);
            up = Objects.requireNonNull(up.parent());
        }
        count(missing.size());
        for (RootfsPath next : missing) {
            directory = tree.createDirectory(directory, next.name(), IMPLIED, layer);
            if (observer != null) {
                observer.accept(new MergeEvent.Implied(layer, directory.path(), IMPLIED, entry));
            }
        }
        return directory;
    }

    private void replaceWarning(RootfsPath entry, Dentry lower) {
        if (lower.inode instanceof Inode.Symlink) {
            warnings.warn(
                    "%s: %s hides the symbolic link %s of a lower layer behind a directory"
                            .formatted(index.blob(), entry, lower.path()));
        }
    }

    private UndockerException refused(RootfsPath path, String why) {
        return new UndockerException("%s: %s: %s".formatted(index.blob(), path, why));
    }
}
