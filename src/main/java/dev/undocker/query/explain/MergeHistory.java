package dev.undocker.query.explain;

import dev.undocker.merge.MergeEvent;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// All that the merge did, in order: which path is asked for can lie behind links that are only
/// known in the end. Not thread-safe.
public final class MergeHistory implements Consumer<MergeEvent> {
    private final List<MergeEvent> events = new ArrayList<>();

    @Override
    public void accept(MergeEvent event) {
        events.add(event);
    }

    /// What happened to one name of the tree.
    List<MergeEvent> of(RootfsPath path) {
        return matching(event -> event.path().equals(path));
    }

    List<MergeEvent> matching(Predicate<MergeEvent> wanted) {
        return events.stream().filter(wanted).toList();
    }

    /// What came to `path` in the place of what `gone` took away.
    MergeEvent cameInstead(MergeEvent.Removed gone) {
        boolean after = false;
        for (MergeEvent event : events) {
            if (after && event.path().equals(gone.at()) && !(event instanceof MergeEvent.Removed)) {
                return event;
            }
            after |= event == gone;
        }
        throw new IllegalStateException("nothing replaces " + gone.at());
    }

    /// The layer that brought the inode under its first name; 0 when it never had one, as in aufs'
    /// own files.
    int madeBy(Inode inode) {
        for (MergeEvent event : events) {
            if (event instanceof MergeEvent.Added && event.inode() == inode) {
                return event.layer();
            }
        }
        return 0;
    }

    /// The last removal of a name of this inode; null when it has lost none under that name.
    MergeEvent.@Nullable Removed lastRemoval(RootfsPath path, Inode inode) {
        MergeEvent.Removed last = null;
        for (MergeEvent event : events) {
            if (event instanceof MergeEvent.Removed removed
                    && removed.inode() == inode
                    && removed.path().equals(path)) {
                last = removed;
            }
        }
        return last;
    }
}
