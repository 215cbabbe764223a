package dev.undocker.query.explain;

import dev.undocker.merge.MergeEvent;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Why a path is in the result or is not, and how that came.
///
/// @param path what was asked for
/// @param way to the directory that the path's last name is looked for in
/// @param accounts what happened under the names that the path has or had, the present one last
/// @param onward where the path leads to when it is a symbolic link itself; null otherwise
public record Explanation(
        RootfsPath path,
        Way way,
        List<Account> accounts,
        Verdict verdict,
        @Nullable Onward onward) {
    public Explanation {
        accounts = List.copyOf(accounts);
    }

    public boolean isPresent() {
        return verdict instanceof Verdict.Present;
    }

    /// What happened to one name of the tree, in order.
    record Account(RootfsPath path, List<MergeEvent> events) {}

    /// @param way from the link to its end
    /// @param end of what stands there; null when the way comes to nothing
    record Onward(Way way, @Nullable Explanation end) {}
}
