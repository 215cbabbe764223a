package dev.undocker.query.explain;

import dev.undocker.merge.MergeEvent;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.explain.Explanation.Account;
import dev.undocker.query.explain.Explanation.Onward;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Explains paths of one image.
///
/// @param history all that happened while `tree` was made
public record Explainer(MergedRootfs tree, MergeHistory history) {
    public Explanation explain(RootfsPath path) {
        RootfsPath parent = path.parent();
        Way way = Way.into(parent == null ? RootfsPath.ROOT : parent, tree);
        RootfsPath place = parent == null || way.end() == null ? way.end() : path.in(way.end());
        return explain(path, way, place);
    }

    /// The same where only a directory is meant: a symbolic link is followed, and nothing else will
    /// do.
    public Explanation explainDirectory(RootfsPath path) {
        Way way = Way.into(path, tree);
        return explain(path, way, way.end());
    }

    private Explanation explain(RootfsPath path, Way way, @Nullable RootfsPath place) {
        Verdict verdict = verdict(path, way, place);
        return new Explanation(path, way, accounts(path, way, place), verdict, onward(verdict));
    }

    private Verdict verdict(RootfsPath path, Way way, @Nullable RootfsPath place) {
        Inode inode = place == null ? null : Way.standing(place, tree);
        if (place != null && inode != null && way.missing() == null) {
            return present(place, inode);
        }
        MergeEvent.Removed gone = place == null ? null : lastRemoval(place);
        if (gone == null) {
            // it had the name itself before a link or something else stood on its way
            gone = lastRemoval(path);
        }
        if (gone != null) {
            return new Verdict.Gone(
                    gone,
                    gone.cause() == MergeEvent.Cause.REPLACED ? history.cameInstead(gone) : null,
                    namesOf(gone.inode(), gone.path()));
        }
        if (way.obstacle() != null) {
            return new Verdict.Unreachable(way.obstacle());
        }
        RootfsPath missing = Objects.requireNonNullElse(way.missing(), place);
        RootfsPath directory = Objects.requireNonNull(missing).parent();
        return new Verdict.Never(
                Objects.requireNonNull(directory), SimilarNames.of(directory, missing, path, tree));
    }

    /// How a name that is gone went; null when it is there or never was.
    private MergeEvent.@Nullable Removed lastRemoval(RootfsPath path) {
        List<MergeEvent> events = history.of(path);
        return !events.isEmpty() && events.getLast() instanceof MergeEvent.Removed gone
                ? gone
                : null;
    }

    private Verdict.Present present(RootfsPath place, Inode inode) {
        List<MergeEvent> events = history.of(place);
        MergeEvent last = events.isEmpty() ? null : events.getLast();
        List<RootfsPath> names = namesOf(inode, place);
        Verdict.Outlived outlived = null;
        if (last instanceof MergeEvent.Linked linked
                && Way.standing(linked.target(), tree) != inode) {
            outlived =
                    new Verdict.Outlived(
                            linked.target(), history.lastRemoval(linked.target(), inode));
        }
        return new Verdict.Present(
                place,
                inode,
                tree.layer(place),
                inode instanceof Inode.Directory ? tree.layer(place) : history.madeBy(inode),
                last == null ? place.isRoot() : last instanceof MergeEvent.Implied,
                names,
                outlived);
    }

    /// The names of an inode but one, sorted. A directory has no second name.
    private List<RootfsPath> namesOf(Inode inode, RootfsPath but) {
        List<RootfsPath> names = new ArrayList<>();
        if (!(inode instanceof Inode.Directory)) {
            tree.below(
                    RootfsPath.ROOT,
                    (path, other) -> {
                        if (other == inode && !path.equals(but)) {
                            names.add(path);
                        }
                    });
            names.sort(null);
        }
        return names;
    }

    /// What happened to the path as it is asked for, wherever a layer put a member of that name, to
    /// the directory that is missing on its way, and where it lies.
    private List<Account> accounts(RootfsPath path, Way way, @Nullable RootfsPath place) {
        Set<RootfsPath> names = new LinkedHashSet<>();
        names.add(path);
        history.matching(event -> isCalled(event, path)).forEach(event -> names.add(event.path()));
        if (way.missing() != null) {
            names.add(way.missing());
        }
        if (place != null) {
            names.remove(place);
            names.add(place);
        }
        List<Account> accounts = new ArrayList<>();
        for (RootfsPath name : names) {
            List<MergeEvent> events = history.of(name);
            if (!events.isEmpty()) {
                accounts.add(new Account(name, events));
            }
        }
        return accounts;
    }

    /// True when a name comes that the layer calls so.
    private static boolean isCalled(MergeEvent event, RootfsPath member) {
        return switch (event) {
            case MergeEvent.Added added -> added.member().equals(member);
            case MergeEvent.Linked linked -> linked.member().equals(member);
            case MergeEvent.Implied _, MergeEvent.Updated _, MergeEvent.Removed _ -> false;
        };
    }

    private @Nullable Onward onward(Verdict verdict) {
        if (!(verdict instanceof Verdict.Present present)
                || !(present.inode() instanceof Inode.Symlink)) {
            return null;
        }
        Way way = Way.to(present.place(), tree);
        return new Onward(way, way.end() == null ? null : explain(way.end()));
    }
}
