package dev.undocker.query.explain;

import dev.undocker.merge.MergeEvent;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Whether a path is in the result, and why.
public sealed interface Verdict {
    /// It is.
    ///
    /// @param place where it lies, without links
    /// @param layer that put it there, or described the directory last; 0 for a root that no layer
    ///   describes
    /// @param madeBy the layer that brought the inode, under whatever name; 0 when it was none
    /// @param implied true for a directory that no layer describes
    /// @param otherNames of the same inode, sorted
    /// @param outlived what the layer linked it to, when that is no name of it any more
    record Present(
            RootfsPath place,
            Inode inode,
            int layer,
            int madeBy,
            boolean implied,
            List<RootfsPath> otherNames,
            @Nullable Outlived outlived)
            implements Verdict {
        public Present {
            otherNames = List.copyOf(otherNames);
        }
    }

    /// It was there and went.
    ///
    /// @param gone the last that happened to it
    /// @param replacement what took the place of `gone.at()`; null when nothing did
    /// @param otherNames that its inode still has, sorted
    record Gone(
            MergeEvent.Removed gone, @Nullable MergeEvent replacement, List<RootfsPath> otherNames)
            implements Verdict {
        public Gone {
            otherNames = List.copyOf(otherNames);
        }
    }

    /// Its way comes to nothing, and it never was under the name that was asked for.
    record Unreachable(Way.Obstacle obstacle) implements Verdict {}

    /// No layer has it.
    ///
    /// @param directory the deepest one on its way that is there
    /// @param similar names that may have been meant, the likeliest first
    record Never(RootfsPath directory, List<RootfsPath> similar) implements Verdict {
        public Never {
            similar = List.copyOf(similar);
        }
    }

    /// The target of a hard link that lost the name.
    ///
    /// @param removal how it went; null when that is not known, because links were in the way
    record Outlived(RootfsPath target, MergeEvent.@Nullable Removed removal) {}
}
